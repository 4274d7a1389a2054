import {
  assertKind,
  loadOnce,
  loadPack,
  modelsOf,
  type LoadedModel,
  type LoadedPack,
  type PackFolders,
} from '@reeltag/packs'
import { openModel, openSession, type ModelKind, type ModelOf } from '../encoders/encoders.js'
import type { FusionHead } from '../encoders/fusion-head.js'
import type { InferenceOptions, ModelSession } from '../sessions/model-session.js'

/**
 * Sessions stay open for this long after their last use, since a job with an encoder may still be reading its input.
 */
const restMs = 60_000

/** Opens packs and their models when they are first wanted, each once, several packs side by side. */
export class PackServer {
  private readonly packs = new Map<string, Promise<LoadedPack>>()
  private readonly sessions = new Map<string, Promise<ModelSession>>()
  /** What the sessions run, by the model's reference. */
  private readonly models = new Map<string, Promise<ModelOf<ModelKind>>>()
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

  /**
   * @returns undefined where the pack does not have this stream
   * @throws MODEL_MISMATCH where the stream is made by another kind of model
   */
  async encoder<K extends ModelKind>(packRef: string, stream: string, kind: K): Promise<ModelOf<K> | undefined> {
    const { encoders } = await this.pack(packRef)
    const model = encoders[stream]
    return model === undefined ? undefined : this.open(model, kind)
  }

  async head(packRef: string): Promise<FusionHead> {
    return this.open((await this.pack(packRef)).head, 'fusion-head')
  }

  /** Opens and warms every model of a pack, whatever each of them is. */
  async openAll(packRef: string): Promise<void> {
    for (const model of modelsOf(await this.pack(packRef))) await this.opened(model)
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
    for (const [ref] of unshared) for (const map of [this.sessions, this.models]) map.delete(ref)
    const opened = await Promise.allSettled(unshared.map(([, session]) => session))
    return opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  }

  private async open<K extends ModelKind>(model: LoadedModel, kind: K): Promise<ModelOf<K>> {
    assertKind(model, kind)
    return (await this.opened(model)) as ModelOf<K>
  }

  private opened(model: LoadedModel): Promise<ModelOf<ModelKind>> {
    return loadOnce(this.models, model.ref, async () => openModel(await this.session(model)))
  }

  private session(model: LoadedModel): Promise<ModelSession> {
    return loadOnce(this.sessions, model.ref, () => openSession(model, this.options))
  }
}
