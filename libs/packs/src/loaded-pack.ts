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
  readonly vision: LoadedModel
  readonly text: LoadedModel
  readonly fusion: LoadedModel
  readonly taxonomyFile: string
}

/** The graph and what lies beside it, with the SHA-256 that the manifest gives. */
export const filesOf = ({ manifest: { graph, files } }: LoadedModel): (readonly [file: string, sha256: string])[] => [
  [graph.file, graph.sha256],
  ...files.map(({ path: file, sha256 }) => [file, sha256] as const),
]
