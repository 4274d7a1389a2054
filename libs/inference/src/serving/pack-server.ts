import { EncodedFrames } from '../encoders/encoded-frames.js'
import { FusionHead } from '../encoders/fusion-head.js'
import { ModelSession, type InferenceOptions } from '../sessions/model-session.js'
import { ReeltagError, type ModelKind } from '@reeltag/contracts'
import { loadOnce, loadPack, modelsOf, type LoadedModel, type LoadedPack, type PackFolders } from '@reeltag/packs'
import { TextEncoder } from '../encoders/text-encoder.js'
import { TextTokenizer } from '../encoders/text-tokenizer.js'
import { VisionEncoder } from '../encoders/vision-encoder.js'

/**
 * Sessions stay open for this long after their last use, since a job with an encoder may still be reading its input.
 */
const restMs = 60_000

/** Opens packs and their models when they are first wanted, each once, several packs side by side. */
export class PackServer {
  private readonly packs = new Map<string, Promise<LoadedPack>>()
  private readonly sessions = new Map<string, Promise<ModelSession>>()
  private readonly tokenizers = new Map<string, Promise<TextTokenizer>>()
  private readonly frames = new Map<string, EncodedFrames>()
  private readonly usedAt = new Map<string, number>()
  private readonly closing = new Set<Promise<unknown>>()

  constructor(
    private readonly folders: PackFolders,
    private readonly options: InferenceOptions,
    private readonly now: () => number = () => performance.now(),
  ) {}

  pack(ref: string): Promise<LoadedPack> {
    this.usedAt.set(ref, this.now())
    return loadOnce(this.packs, ref, () => loadPack(this.folders, ref))
  }

  /** Packs that have been opened, wholly or in part. */
  get held(): string[] {
    return [...this.packs.keys()]
  }

  async vision(packRef: string): Promise<VisionEncoder> {
    const vision = await this.encoder(packRef, 'vision-encoder')
    const session = await this.session(vision)
    const known = this.frames.get(vision.ref) ?? new EncodedFrames()
    this.frames.set(vision.ref, known)
    return new VisionEncoder(session, known)
  }

  async text(packRef: string): Promise<TextEncoder> {
    const text = await this.encoder(packRef, 'text-encoder')
    const tokenizer = await loadOnce(this.tokenizers, text.ref, () => TextTokenizer.open(text))
    return new TextEncoder(await this.session(text), tokenizer)
  }

  async fusion(packRef: string): Promise<FusionHead> {
    return new FusionHead(await this.session((await this.pack(packRef)).head))
  }

  /**
   * Releases packs that are not among these and were not used for a minute. Their models are closed in the background,
   * unless another pack shares them; current runs are finished first. A released pack is opened again when it is
   * needed.
   * @returns the packs that were let go
   */
  async retain(wanted: ReadonlySet<string>): Promise<string[]> {
    const rested = (ref: string): boolean => this.now() - (this.usedAt.get(ref) ?? 0) >= restMs
    const gone = this.held.filter((ref) => !wanted.has(ref) && rested(ref))
    for (const ref of gone) {
      this.packs.delete(ref)
      this.usedAt.delete(ref)
    }
    if (gone.length > 0) {
      for (const session of await this.takeUnshared()) this.inBackground(session.drain())
    }
    return gone
  }

  /** Refuses waiting items and finishes running ones. */
  async close(): Promise<void> {
    this.packs.clear()
    await Promise.all((await this.takeUnshared()).map((session) => session.close()))
    await Promise.all(this.closing)
  }

  private inBackground(closing: Promise<void>): void {
    const settled = closing.catch(() => undefined).finally(() => this.closing.delete(settled))
    this.closing.add(settled)
  }

  private async takeUnshared(): Promise<ModelSession[]> {
    const packs = await Promise.allSettled(this.packs.values())
    const shared = new Set(
      packs.flatMap((outcome) => (outcome.status === 'fulfilled' ? modelsOf(outcome.value).map(({ ref }) => ref) : [])),
    )
    const unshared = [...this.sessions].filter(([ref]) => !shared.has(ref))
    for (const [ref] of unshared) for (const map of [this.sessions, this.tokenizers, this.frames]) map.delete(ref)
    const opened = await Promise.allSettled(unshared.map(([, session]) => session))
    return opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  }

  private async encoder(packRef: string, kind: ModelKind): Promise<LoadedModel> {
    const { encoders } = await this.pack(packRef)
    const found = Object.values(encoders).find(({ manifest }) => manifest.kind === kind)
    if (found === undefined) throw new ReeltagError('MODEL_MISMATCH', `pack ${packRef} has no ${kind}`)
    return found
  }

  private session(model: LoadedModel): Promise<ModelSession> {
    return loadOnce(this.sessions, model.ref, () => ModelSession.open(model, this.options))
  }
}
