import type { ModelManifest } from '@reeltag/contracts'

/** A model as a model server is given it: a manifest, and the folder with its graph. */
export interface ServedModel {
  readonly manifest: Pick<ModelManifest, 'name' | 'version' | 'inputs' | 'outputs' | 'graph'>
  readonly folder: string
}

/** Whether a server that speaks the Open Inference Protocol is up. */
export const isLive = async (url: string): Promise<boolean> =>
  (await fetch(`${url}/v2/health/live`, { signal: AbortSignal.timeout(1_000) })).status === 200

/** A dynamic axis is -1 on the wire. */
export const wireShape = (shape: readonly (number | string)[]): number[] =>
  shape.map((dim) => (typeof dim === 'number' ? dim : -1))
