import { ReeltagError, type ErrorCode, type TensorSpec } from '@reeltag/contracts'
import path from 'node:path'
import type { Lane } from './lane.js'
import type { LoadedModel } from '@reeltag/packs'
import type { ModelServer } from './model-server.js'
import { RemoteLane } from './remote-lane.js'
import { SessionLane } from './session-lane.js'
import type { Device, LiveTensor } from './session-messages.js'

export interface LaneOptions {
  readonly device: Device
  /** Threads that one run may use. */
  readonly threads: number
  /** Where encoders run instead of here. */
  readonly server?: ModelServer | undefined
  /** More rows than these are run one part after another, unless an accelerator runs them. */
  readonly rowsPerRunOnProcessor?: number | undefined
}

/**
 * Opens a model where it is to run.
 * @throws if the model does not match its manifest
 */
export const openLane = async (
  model: LoadedModel,
  { device, threads, server, rowsPerRunOnProcessor }: LaneOptions,
): Promise<Lane> => {
  if (server !== undefined) return checked(model, await RemoteLane.open(model, server), 'MODEL_SERVER_MISMATCH')
  const graphFile = path.join(model.folder, model.manifest.graph.file)
  const rowsPerRun = device === 'cpu' ? rowsPerRunOnProcessor : undefined
  return checked(model, await SessionLane.open({ graphFile, device, threads, rowsPerRun }), 'MODEL_MISMATCH')
}

const checked = async (model: LoadedModel, lane: Lane, code: ErrorCode): Promise<Lane> => {
  const differing =
    difference('inputs', model.manifest.inputs, lane.inputs) ??
    difference('outputs', model.manifest.outputs, lane.outputs)
  if (differing === undefined) return lane
  await lane.close()
  throw new ReeltagError(code, `${model.ref}: ${differing}`)
}

/** Names of dynamic axes may differ; a number must be the same in both. */
const difference = (what: string, promised: readonly TensorSpec[], live: readonly LiveTensor[]): string | undefined => {
  const fixed = (shape: readonly (number | string)[]) =>
    shape.map((dim) => (typeof dim === 'number' && dim >= 0 ? dim : '?')).join('×')
  const write = (tensors: readonly { name: string; dtype: string; shape: readonly (number | string)[] }[]) =>
    tensors
      .map(({ name, dtype, shape }) => `${name} ${dtype} ${fixed(shape)}`)
      .sort()
      .join(', ')
  const [manifest, graph] = [write(promised), write(live)]
  return manifest === graph ? undefined : `the manifest promises ${what} [${manifest}], the graph has [${graph}]`
}
