import { ReeltagError } from '@reeltag/contracts'
import type { LoadedModel } from '@reeltag/packs'
import { ModelSession, type InferenceOptions } from '../sessions/model-session.js'
import { EncodedFrames } from './encoded-frames.js'
import { FusionHead } from './fusion-head.js'
import { TextEncoder } from './text-encoder.js'
import { TextTokenizer } from './text-tokenizer.js'
import { VisionEncoder } from './vision-encoder.js'

/** What is particular to the models of one kind. */
interface Kind<T> {
  readonly open: (session: ModelSession) => T | Promise<T>
  /** Runs here, even where a model server is named. */
  readonly staysHere?: boolean
  /** More rows than these, asked for at once, are run one part after another where there is no accelerator. */
  readonly rowsPerRunOnProcessor?: number
}

/** Every kind of model that a manifest may name. A new kind is a class and an entry here. */
const kinds = {
  'vision-encoder': {
    open: (session) => new VisionEncoder(session, new EncodedFrames()),
    // One or two frames occupy all cores. More at once do not fit into the caches (docs/performance.md).
    rowsPerRunOnProcessor: 2,
  },
  'text-encoder': {
    open: async (session) => new TextEncoder(session, await TextTokenizer.open(session.model)),
  },
  'fusion-head': {
    open: (session) => new FusionHead(session),
    // It is too cheap to run on a server.
    staysHere: true,
  },
} satisfies Record<string, Kind<unknown>>

export type ModelKind = keyof typeof kinds
export type ModelOf<K extends ModelKind> = Awaited<ReturnType<(typeof kinds)[K]['open']>>

/** @throws MANIFEST_INVALID where the manifest names a kind that nobody here knows, and what opening a session throws */
export const openSession = async (model: LoadedModel, options: InferenceOptions): Promise<ModelSession> => {
  const { staysHere, rowsPerRunOnProcessor } = kindOf(model)
  const server = staysHere === true ? undefined : options.server
  return ModelSession.open(model, { ...options, server, rowsPerRunOnProcessor })
}

/** The model of a session as what its manifest says that it is. */
export const openModel = async (session: ModelSession): Promise<ModelOf<ModelKind>> =>
  kindOf(session.model).open(session)

const kindOf = ({ ref, manifest: { kind } }: LoadedModel): Kind<ModelOf<ModelKind>> => {
  if (Object.hasOwn(kinds, kind)) return kinds[kind as ModelKind]
  const known = Object.keys(kinds).join(', ')
  throw new ReeltagError('MANIFEST_INVALID', `${ref} is a "${kind}"; this Reeltag opens ${known}`)
}
