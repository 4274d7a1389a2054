import { loadModel, readPackManifest } from './read-pack.js'
import { type PackFolders } from './files.js'
import { framesOf } from './loaded-pack.js'
import { loadOnce } from './load-once.js'
import { ReeltagError } from '@reeltag/contracts'

/** How a pack wants its frames. */
export interface FramePlan {
  /** Names plan and size; equal ids on equal videos give equal frames. */
  readonly id: string
  readonly frames: number
  /** Side of the square frame, pixels. */
  readonly size: number
}

/** Frame plans of packs, each read once. */
export class FramePlans {
  private readonly plans = new Map<string, Promise<FramePlan | undefined>>()

  constructor(private readonly folders: PackFolders) {}

  /** @returns undefined where the pack has no stream that is made of frames */
  planOf(pack: string): Promise<FramePlan | undefined> {
    return loadOnce(this.plans, pack, () => this.read(pack))
  }

  private async read(pack: string): Promise<FramePlan | undefined> {
    const { streams } = await readPackManifest(this.folders, pack)
    const { encoder, plan } = framesOf(streams) ?? {}
    if (encoder === undefined || plan === undefined) return undefined
    const { manifest } = await loadModel(this.folders, encoder, 'vision-encoder')
    const { size } = manifest.preprocessing
    if (size === undefined) throw new ReeltagError('MANIFEST_INVALID', `${encoder}: preprocessing names no size`)
    return { id: `${plan.id}@${size}`, frames: plan.frames, size }
  }
}
