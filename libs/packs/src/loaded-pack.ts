import type { ModelManifest, PackManifest } from '@reeltag/contracts'

export interface LoadedModel {
  readonly manifest: ModelManifest
  /** `name/version`, what results are labelled with. */
  readonly ref: string
  readonly folder: string
}

/** A pack whose every file has been checked. */
export interface LoadedPack {
  readonly manifest: PackManifest
  readonly ref: string
  /** By the name of their stream. */
  readonly encoders: Readonly<Record<string, LoadedModel>>
  readonly head: LoadedModel
  readonly taxonomyFile: string
}

/** Every model of a pack, the head last. */
export const modelsOf = ({ encoders, head }: Pick<LoadedPack, 'encoders' | 'head'>): readonly LoadedModel[] => [
  ...Object.values(encoders),
  head,
]

/** The stream that is made of frames. Where several are, they have one plan: frames of a content are picked once. */
export const framesOf = (streams: PackManifest['streams']): PackManifest['streams'][string] | undefined =>
  Object.values(streams).find(({ plan }) => plan !== undefined)

/** The graph and what lies beside it, with the SHA-256 that the manifest gives. */
export const filesOf = ({ manifest: { graph, files } }: LoadedModel): (readonly [file: string, sha256: string])[] => [
  [graph.file, graph.sha256],
  ...files.map(({ path: file, sha256 }) => [file, sha256] as const),
]
