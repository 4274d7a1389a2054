import { ModelManifest, PackManifest, ReeltagError, reeltagVersion, type ErrorCode } from '@reeltag/contracts'
import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { filesOf, type LoadedModel, type LoadedPack } from './loaded-pack.js'
import { assertCovered, assertFitting, assertSupported } from './checks.js'
import { verify, verifyListed, type PackFolders } from './files.js'

/**
 * Reads a pack and verifies every checksum, that no path leaves the folders, and that its models fit together.
 * @param ref `name/version`
 * @throws PACK_INVALID, MODEL_MISSING, MANIFEST_INVALID, MODEL_MISMATCH
 */
export const loadPack = async (folders: PackFolders, ref: string): Promise<LoadedPack> => {
  const manifest = await readPackManifest(folders, ref)
  assertSupported(manifest, reeltagVersion)
  for (const [file, sha256] of Object.entries(manifest.checksums)) await verifyListed(folders, file, sha256)
  const { models } = manifest
  const [vision, text, fusion] = await Promise.all([
    readModel(folders, models.vision, 'vision-encoder'),
    readModel(folders, models.text, 'text-encoder'),
    readModel(folders, models.fusion, 'fusion-head'),
  ])
  const pack = {
    manifest,
    ref,
    vision,
    text,
    fusion,
    taxonomyFile: path.join(folders.taxonomiesDir, `${manifest.taxonomy}.yaml`),
  }
  assertCovered(pack)
  assertFitting(pack)
  return pack
}

/** Only the pack's own manifest: what names the sampling plan, the facets and the models. */
export const readPackManifest = async ({ modelsDir }: PackFolders, ref: string): Promise<PackManifest> => {
  // A content names its pack in the database: a reference must not be able to leave the folder.
  if (!/^[a-z0-9-]+\/\d+\.\d+\.\d+$/.test(ref))
    throw new ReeltagError('PACK_INVALID', `"${ref}" is not a pack's name/version`)
  const manifest = await readJson(path.join(modelsDir, 'packs', ref, 'pack.json'), PackManifest, 'PACK_INVALID')
  const own = `${manifest.name}/${manifest.version}`
  if (own !== ref) throw new ReeltagError('PACK_INVALID', `the folder of pack ${ref} holds ${own}`)
  return manifest
}

/** One model, with its graph and every file it lists verified. */
export const loadModel = async (
  folders: PackFolders,
  ref: string,
  kind: ModelManifest['kind'],
): Promise<LoadedModel> => {
  const model = await readModel(folders, ref, kind)
  for (const [file, sha256] of filesOf(model)) await verify(folders.modelsDir, path.join(ref, file), sha256)
  return model
}

const readModel = async (
  { modelsDir }: PackFolders,
  ref: string,
  kind: ModelManifest['kind'],
): Promise<LoadedModel> => {
  const folder = path.join(modelsDir, ref)
  const manifest = await readJson(path.join(folder, 'manifest.json'), ModelManifest, 'MANIFEST_INVALID')
  if (manifest.kind !== kind) throw new ReeltagError('MODEL_MISMATCH', `${ref} is a ${manifest.kind}, not a ${kind}`)
  if (`${manifest.name}/${manifest.version}` !== ref) {
    throw new ReeltagError('MODEL_MISMATCH', `${folder} holds ${manifest.name}/${manifest.version}`)
  }
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
