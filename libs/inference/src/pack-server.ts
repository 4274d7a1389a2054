import { FusionHead } from './fusion-head.js'
import { ModelSession, type InferenceOptions } from './model-session.js'
import type { PackFolders } from './pack-files.js'
import type { LoadedModel, LoadedPack } from './loaded-pack.js'
import { loadPack } from './pack.js'
import { TextEncoder } from './text-encoder.js'
import { TextTokenizer } from './text-tokenizer.js'
import { VisionEncoder } from './vision-encoder.js'

/** Opens packs and their models when they are first wanted, each once, several packs side by side. */
export class PackServer {
  private readonly packs = new Map<string, Promise<LoadedPack>>()
  private readonly sessions = new Map<string, Promise<ModelSession>>()
  private readonly tokenizers = new Map<string, Promise<TextTokenizer>>()

  constructor(
    private readonly folders: PackFolders,
    private readonly options: InferenceOptions,
  ) {}

  pack(ref: string): Promise<LoadedPack> {
    return once(this.packs, ref, () => loadPack(this.folders, ref))
  }

  async vision(packRef: string): Promise<VisionEncoder> {
    return new VisionEncoder(await this.session((await this.pack(packRef)).vision))
  }

  async text(packRef: string): Promise<TextEncoder> {
    const { text } = await this.pack(packRef)
    const tokenizer = await once(this.tokenizers, text.ref, () => TextTokenizer.open(text))
    return new TextEncoder(await this.session(text), tokenizer)
  }

  async fusion(packRef: string): Promise<FusionHead> {
    return new FusionHead(await this.session((await this.pack(packRef)).fusion))
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.sessions.values())
    await Promise.all(opened.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.close() : undefined)))
  }

  private session(model: LoadedModel): Promise<ModelSession> {
    return once(this.sessions, model.ref, () => ModelSession.open(model, this.options))
  }
}

/** Loads once for everyone who asks meanwhile; a failure is forgotten, so that a mended pack can be opened. */
const once = <T>(cache: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> => {
  const known = cache.get(key)
  if (known !== undefined) return known
  const loading = load()
  cache.set(key, loading)
  loading.catch(() => cache.delete(key))
  return loading
}
