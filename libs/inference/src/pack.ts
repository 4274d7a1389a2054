import { ModelManifest, PackManifest, ReeltagError, type ErrorCode } from '@reeltag/contracts'
import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

/** Version of Reeltag that a pack's `reeltagMin` is held against. */
export const reeltagVersion = '0.1.0'

export interface PackFolders {
  /** Holds `<name>/<version>/manifest.json` and `packs/<name>/<version>/pack.json`. */
  readonly modelsDir: string
  /** Holds `<name>/<version>.yaml`. */
  readonly taxonomiesDir: string
}

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
  for (const [file, sha256] of Object.entries(manifest.checksums)) await verify(resolveInside(folders, file), sha256)
  const { models } = manifest
  const [vision, text, fusion] = await Promise.all([
    loadModel(folders, models.vision, 'vision-encoder'),
    loadModel(folders, models.text, 'text-encoder'),
    loadModel(folders, models.fusion, 'fusion-head'),
  ])
  const pack = { manifest, ref, vision, text, fusion, taxonomyFile: path.join(folders.taxonomiesDir, `${manifest.taxonomy}.yaml`) }
  assertCovered(pack)
  assertFitting(pack)
  return pack
}

/** Only the pack's own manifest: what names the sampling plan, the facets and the models. */
export const readPackManifest = async ({ modelsDir }: PackFolders, ref: string): Promise<PackManifest> =>
  readJson(path.join(modelsDir, 'packs', ref, 'pack.json'), PackManifest, 'PACK_INVALID')

/** One model's manifest, with the graph and every file it lists verified. */
export const loadModel = async ({ modelsDir }: PackFolders, ref: string, kind: ModelManifest['kind']): Promise<LoadedModel> => {
  const folder = path.join(modelsDir, ref)
  const manifest = await readJson(path.join(folder, 'manifest.json'), ModelManifest, 'MANIFEST_INVALID')
  if (manifest.kind !== kind) throw new ReeltagError('MODEL_MISMATCH', `${ref} is a ${manifest.kind}, not a ${kind}`)
  if (`${manifest.name}/${manifest.version}` !== ref) {
    throw new ReeltagError('MODEL_MISMATCH', `${folder} holds ${manifest.name}/${manifest.version}`)
  }
  await verify(path.join(folder, manifest.graph.file), manifest.graph.sha256)
  for (const { path: file, sha256 } of manifest.files) await verify(path.join(folder, file), sha256)
  return { manifest, ref, folder }
}

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

/** Checksums are relative to the folder that holds `models/` and `taxonomies/`. */
const resolveInside = ({ modelsDir, taxonomiesDir }: PackFolders, file: string): string => {
  const [top, ...rest] = file.split('/')
  if (top === 'models') return path.join(modelsDir, ...rest)
  if (top === 'taxonomies') return path.join(taxonomiesDir, ...rest)
  throw new ReeltagError('PACK_INVALID', `${file} is outside models/ and taxonomies/`)
}

const verify = async (file: string, expected: string): Promise<void> => {
  // A link could lead anywhere, and be another file the next time.
  const stat = await fs.lstat(file).catch((error: unknown) => {
    throw new ReeltagError('MODEL_MISSING', `${file} cannot be read`, { cause: error })
  })
  if (!stat.isFile()) throw new ReeltagError('PACK_INVALID', `${file} is not a regular file`)
  const actual = createHash('sha256').update(await fs.readFile(file)).digest('hex')
  if (actual !== expected) throw new ReeltagError('PACK_INVALID', `${file} has SHA-256 ${actual}, expected ${expected}`)
}

/** What is not in the checksum list would be neither verified here nor covered by a signature later. */
const assertCovered = (pack: LoadedPack): void => {
  const files = [pack.vision, pack.text, pack.fusion].flatMap(({ ref, manifest }) =>
    ['manifest.json', manifest.graph.file, ...manifest.files.map(({ path: file }) => file)].map((file) => `models/${ref}/${file}`),
  )
  const missing = [...files, `taxonomies/${pack.manifest.taxonomy}.yaml`].filter((file) => !(file in pack.manifest.checksums))
  if (missing.length > 0) throw new ReeltagError('PACK_INVALID', `pack ${pack.ref} has no checksum for ${missing.join(', ')}`)
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
