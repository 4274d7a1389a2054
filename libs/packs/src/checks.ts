import { ReeltagError, streamsOf, type ModelManifest, type PackManifest, type Pipeline } from '@reeltag/contracts'
import { filesOf, modelsOf, type LoadedModel, type LoadedPack } from './loaded-pack.js'

export const assertKind = ({ ref, manifest }: LoadedModel, kind: ModelManifest['kind']): void => {
  if (manifest.kind !== kind) throw new ReeltagError('MODEL_MISMATCH', `${ref} is a ${manifest.kind}, not a ${kind}`)
}

/** Frames have a plan, and nothing else has one. */
export const assertKinds = ({ ref, manifest, encoders, head }: LoadedPack): void => {
  assertKind(head, 'fusion-head')
  for (const [stream, encoder] of Object.entries(encoders)) {
    const { kind } = encoder.manifest
    if (manifest.streams[stream]?.plan !== undefined) assertKind(encoder, 'vision-encoder')
    else if (kind === 'vision-encoder' || kind === 'fusion-head')
      throw new ReeltagError('MODEL_MISMATCH', `pack ${ref}: ${encoder.ref} of ${stream} is a ${kind}, without a plan`)
  }
}

/**
 * A file that is missing in the checksum list would be neither verified here nor covered by a signature later. A listed
 * file must be the one that the model's manifest describes.
 */
export const assertCovered = (pack: LoadedPack): void => {
  const { ref, manifest } = pack
  const { checksums, taxonomy } = manifest
  const models = modelsOf(pack)
  const listed = models.flatMap((model) =>
    filesOf(model).map(([file, sha256]) => [`models/${model.ref}/${file}`, sha256] as const),
  )
  const manifests = models.map((model) => `models/${model.ref}/manifest.json`)
  const missing = [...listed.map(([file]) => file), ...manifests, `taxonomies/${taxonomy}.yaml`].filter(
    (file) => !(file in checksums),
  )
  if (missing.length > 0)
    throw new ReeltagError('PACK_INVALID', `pack ${ref} has no checksum for ${missing.join(', ')}`)
  const differing = listed.filter(([file, sha256]) => checksums[file] !== sha256).map(([file]) => file)
  if (differing.length > 0)
    throw new ReeltagError('PACK_INVALID', `pack ${ref} and its models differ about ${differing.join(', ')}`)
}

const widthOf = (tensor: { readonly shape: readonly (number | string)[] } | undefined): number | string | undefined =>
  tensor?.shape.at(-1)

/** An imported text tower has the embedding of its class token beside its tokens. */
const vectorsOf: Readonly<Partial<Record<ModelManifest['kind'], string>>> = {
  'vision-encoder': 'embeddings',
  'text-encoder': 'tokens',
}

/** The output of an encoder that is its stream. */
const streamOutputOf = ({ manifest: { kind, outputs } }: LoadedModel) =>
  outputs.find(({ name }) => name === vectorsOf[kind]) ?? outputs[0]

/** Every stream of the pack is made by a stage and taken by the head, and the head knows every leaf. */
export const assertFitting = ({ ref, manifest, encoders, head }: LoadedPack, table: Pipeline): void => {
  const input = (name: string) => head.manifest.inputs.find((tensor) => tensor.name === name)
  const output = (name: string) => head.manifest.outputs.find((tensor) => tensor.name === name)
  const made = new Map(streamsOf(table).map(({ stream }) => [stream.name, stream.input]))
  const unknown = Object.keys(encoders).filter((stream) => !made.has(stream))
  if (unknown.length > 0)
    throw new ReeltagError('PACK_INVALID', `pack ${ref}: no stage of this Reeltag makes ${unknown.join(', ')}`)
  const pairs = [
    ...Object.entries(encoders).map(
      ([stream, encoder]) =>
        [`vectors of ${stream}`, widthOf(streamOutputOf(encoder)), widthOf(input(made.get(stream) ?? ''))] as const,
    ),
    ...Object.entries(manifest.facets).map(
      ([facet, { leaves }]) => [`leaves of ${facet}`, leaves.length, widthOf(output(`logits_${facet}`))] as const,
    ),
  ]
  for (const [what, given, wanted] of pairs) {
    if (given === undefined || given !== wanted) {
      throw new ReeltagError(
        'MODEL_MISMATCH',
        `pack ${ref}: ${what} are ${String(given)} wide, the fusion head has ${String(wanted)}`,
      )
    }
  }
}

export const assertSupported = ({ name, version, reeltagMin }: PackManifest, own: string): void => {
  if (compareVersions(reeltagMin, own) <= 0) return
  throw new ReeltagError('PACK_INVALID', `pack ${name}/${version} needs Reeltag ${reeltagMin}; this is ${own}`)
}

const compareVersions = (a: string, b: string): number => {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  return (
    [0, 1, 2].map((index) => (left?.[index] ?? 0) - (right?.[index] ?? 0)).find((difference) => difference !== 0) ?? 0
  )
}
