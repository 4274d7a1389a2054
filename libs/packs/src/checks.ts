import { ReeltagError, type PackManifest } from '@reeltag/contracts'
import { filesOf, type LoadedModel, type LoadedPack } from './loaded-pack.js'

/**
 * A file that is missing in the checksum list would be neither verified here nor covered by a signature later. A listed
 * file must be the one that the model's manifest describes.
 */
export const assertCovered = ({ ref, manifest, vision, text, fusion }: LoadedPack): void => {
  const { checksums, taxonomy } = manifest
  const listed = [vision, text, fusion].flatMap((model) =>
    filesOf(model).map(([file, sha256]) => [`models/${model.ref}/${file}`, sha256] as const),
  )
  const manifests = [vision, text, fusion].map((model) => `models/${model.ref}/manifest.json`)
  const missing = [...listed.map(([file]) => file), ...manifests, `taxonomies/${taxonomy}.yaml`].filter(
    (file) => !(file in checksums),
  )
  if (missing.length > 0)
    throw new ReeltagError('PACK_INVALID', `pack ${ref} has no checksum for ${missing.join(', ')}`)
  const differing = listed.filter(([file, sha256]) => checksums[file] !== sha256).map(([file]) => file)
  if (differing.length > 0)
    throw new ReeltagError('PACK_INVALID', `pack ${ref} and its models differ about ${differing.join(', ')}`)
}

const lastDim = (model: LoadedModel, direction: 'inputs' | 'outputs', name: string): number | string | undefined =>
  model.manifest[direction].find((tensor) => tensor.name === name)?.shape.at(-1)

export const assertFitting = ({ ref, manifest, vision, text, fusion }: LoadedPack): void => {
  const pairs = [
    ['frame embeddings', lastDim(vision, 'outputs', 'embeddings'), lastDim(fusion, 'inputs', 'frames')],
    ['text tokens', lastDim(text, 'outputs', 'tokens'), lastDim(fusion, 'inputs', 'text_tokens')],
    ...Object.entries(manifest.facets).map(
      ([facet, { leaves }]) =>
        [`leaves of ${facet}`, leaves.length, lastDim(fusion, 'outputs', `logits_${facet}`)] as const,
    ),
  ] as const
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
