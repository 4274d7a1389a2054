import { ModelManifest, PackManifest, ReeltagError, type ErrorCode } from '@reeltag/contracts'
import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { verify, verifyListed, type PackFolders } from './pack-files.js'

/** Version of Reeltag that a pack's `reeltagMin` is held against. */
export const reeltagVersion = '0.1.0'

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

/**
 * Reads a pack and verifies every checksum, that no path leaves the folders, and that its models fit together.
 * @param ref `name/version`
 * @throws PACK_INVALID, MODEL_MISSING, MANIFEST_INVALID, MODEL_MISMATCH
 */
export const loadPack = async (folders: PackFolders, ref: string): Promise<LoadedPack> => {
  const manifest = await readPackManifest(folders, ref)
  if (compareVersions(manifest.reeltagMin, reeltagVersion) > 0) {
    throw new ReeltagError('PACK_INVALID', `pack ${ref} needs Reeltag ${manifest.reeltagMin}; this is ${reeltagVersion}`)
  }
  for (const [file, sha256] of Object.entries(manifest.checksums)) await verifyListed(folders, file, sha256)
  const { models } = manifest
  const [vision, text, fusion] = await Promise.all([
    readModel(folders, models.vision, 'vision-encoder'),
    readModel(folders, models.text, 'text-encoder'),
    readModel(folders, models.fusion, 'fusion-head'),
  ])
  const pack = { manifest, ref, vision, text, fusion, taxonomyFile: path.join(folders.taxonomiesDir, `${manifest.taxonomy}.yaml`) }
  assertCovered(pack)
  assertFitting(pack)
  return pack
}

/** Only the pack's own manifest: what names the sampling plan, the facets and the models. */
export const readPackManifest = async ({ modelsDir }: PackFolders, ref: string): Promise<PackManifest> => {
  // A content names its pack in the database: a reference must not be able to leave the folder.
  if (!/^[a-z0-9-]+\/\d+\.\d+\.\d+$/.test(ref)) throw new ReeltagError('PACK_INVALID', `"${ref}" is not a pack's name/version`)
  const manifest = await readJson(path.join(modelsDir, 'packs', ref, 'pack.json'), PackManifest, 'PACK_INVALID')
  const own = `${manifest.name}/${manifest.version}`
  if (own !== ref) throw new ReeltagError('PACK_INVALID', `the folder of pack ${ref} holds ${own}`)
  return manifest
}

/** One model, with its graph and every file it lists verified. */
export const loadModel = async (folders: PackFolders, ref: string, kind: ModelManifest['kind']): Promise<LoadedModel> => {
  const model = await readModel(folders, ref, kind)
  for (const [file, sha256] of filesOf(model)) await verify(folders.modelsDir, path.join(ref, file), sha256)
  return model
}

const readModel = async ({ modelsDir }: PackFolders, ref: string, kind: ModelManifest['kind']): Promise<LoadedModel> => {
  const folder = path.join(modelsDir, ref)
  const manifest = await readJson(path.join(folder, 'manifest.json'), ModelManifest, 'MANIFEST_INVALID')
  if (manifest.kind !== kind) throw new ReeltagError('MODEL_MISMATCH', `${ref} is a ${manifest.kind}, not a ${kind}`)
  if (`${manifest.name}/${manifest.version}` !== ref) {
    throw new ReeltagError('MODEL_MISMATCH', `${folder} holds ${manifest.name}/${manifest.version}`)
  }
  return { manifest, ref, folder }
}

const filesOf = ({ manifest: { graph, files } }: LoadedModel): (readonly [file: string, sha256: string])[] => [
  [graph.file, graph.sha256],
  ...files.map(({ path: file, sha256 }) => [file, sha256] as const),
]

const readJson = async <S extends z.ZodType>(file: string, schema: S, invalid: ErrorCode): Promise<z.infer<S>> => {
  const text = await fs.readFile(file, 'utf8').catch((error: unknown) => {
    throw new ReeltagError('MODEL_MISSING', `${file} cannot be read`, { cause: error })
  })
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new ReeltagError(invalid, `${file} is not JSON`, { cause: error })
  }
  const result = schema.safeParse(parsed)
  if (!result.success) throw new ReeltagError(invalid, `${file}: ${z.prettifyError(result.error)}`)
  return result.data
}

/**
 * What is not in the checksum list would be neither verified here nor covered by a signature later; and what is must be
 * the very file that the model's own manifest describes.
 */
const assertCovered = ({ ref, manifest, vision, text, fusion }: LoadedPack): void => {
  const { checksums, taxonomy } = manifest
  const listed = [vision, text, fusion].flatMap((model) => filesOf(model).map(([file, sha256]) => [`models/${model.ref}/${file}`, sha256] as const))
  const manifests = [vision, text, fusion].map((model) => `models/${model.ref}/manifest.json`)
  const missing = [...listed.map(([file]) => file), ...manifests, `taxonomies/${taxonomy}.yaml`].filter((file) => !(file in checksums))
  if (missing.length > 0) throw new ReeltagError('PACK_INVALID', `pack ${ref} has no checksum for ${missing.join(', ')}`)
  const differing = listed.filter(([file, sha256]) => checksums[file] !== sha256).map(([file]) => file)
  if (differing.length > 0) throw new ReeltagError('PACK_INVALID', `pack ${ref} and its models differ about ${differing.join(', ')}`)
}

const lastDim = (model: LoadedModel, direction: 'inputs' | 'outputs', name: string): number | string | undefined =>
  model.manifest[direction].find((tensor) => tensor.name === name)?.shape.at(-1)

const assertFitting = ({ ref, manifest, vision, text, fusion }: LoadedPack): void => {
  const pairs = [
    ['frame embeddings', lastDim(vision, 'outputs', 'embeddings'), lastDim(fusion, 'inputs', 'frames')],
    ['text tokens', lastDim(text, 'outputs', 'tokens'), lastDim(fusion, 'inputs', 'text_tokens')],
    ...Object.entries(manifest.facets).map(
      ([facet, { leaves }]) => [`leaves of ${facet}`, leaves.length, lastDim(fusion, 'outputs', `logits_${facet}`)] as const,
    ),
  ] as const
  for (const [what, given, wanted] of pairs) {
    if (given === undefined || given !== wanted) {
      throw new ReeltagError('MODEL_MISMATCH', `pack ${ref}: ${what} are ${String(given)} wide, the fusion head has ${String(wanted)}`)
    }
  }
}

const compareVersions = (a: string, b: string): number => {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  return [0, 1, 2].map((index) => (left?.[index] ?? 0) - (right?.[index] ?? 0)).find((difference) => difference !== 0) ?? 0
}
