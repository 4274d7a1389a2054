import {
  ModelManifest,
  type PackManifest,
  PackManifestV1,
  PackManifestV2,
  pipeline,
  type Pipeline,
  ReeltagError,
  reeltagVersion,
  type ErrorCode,
} from '@reeltag/contracts'
import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { filesOf, type LoadedModel, type LoadedPack } from './loaded-pack.js'
import { assertCovered, assertFitting, assertKind, assertKinds, assertSupported } from './checks.js'
import { verify, verifyListed, type PackFolders } from './files.js'
import { upcastV1 } from './upcast.js'

/** A pack.json of either format. */
const AnyPackManifest = z.discriminatedUnion('format', [PackManifestV1, PackManifestV2])

/**
 * Reads a pack and verifies every checksum, that no path leaves the folders, and that its models fit together.
 * @param ref `name/version`
 * @param table whose stages make the streams
 * @throws PACK_INVALID, MODEL_MISSING, MANIFEST_INVALID, MODEL_MISMATCH
 */
export const loadPack = async (folders: PackFolders, ref: string, table: Pipeline = pipeline): Promise<LoadedPack> => {
  const manifest = await readPackManifest(folders, ref)
  assertSupported(manifest, reeltagVersion)
  for (const [file, sha256] of Object.entries(manifest.checksums)) await verifyListed(folders, file, sha256)
  const encoders = Object.entries(manifest.streams).map(
    async ([stream, { encoder }]) => [stream, await readModel(folders, encoder)] as const,
  )
  const pack = {
    manifest,
    ref,
    encoders: Object.fromEntries(await Promise.all(encoders)),
    head: await readModel(folders, manifest.head),
    taxonomyFile: path.join(folders.taxonomiesDir, `${manifest.taxonomy}.yaml`),
  }
  assertKinds(pack)
  assertCovered(pack)
  assertFitting(pack, table)
  return pack
}

/** Only the pack's own manifest: what names the streams, the facets and the models. */
export const readPackManifest = async ({ modelsDir }: PackFolders, ref: string): Promise<PackManifest> => {
  // A content names its pack in the database: a reference must not be able to leave the folder.
  if (!/^[a-z0-9-]+\/\d+\.\d+\.\d+$/.test(ref))
    throw new ReeltagError('PACK_INVALID', `"${ref}" is not a pack's name/version`)
  const read = await readJson(path.join(modelsDir, 'packs', ref, 'pack.json'), AnyPackManifest, 'PACK_INVALID')
  const manifest = read.format === 1 ? upcastV1(read) : read
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
  const model = await readModel(folders, ref)
  assertKind(model, kind)
  for (const [file, sha256] of filesOf(model)) await verify(folders.modelsDir, path.join(ref, file), sha256)
  return model
}

const readModel = async ({ modelsDir }: PackFolders, ref: string): Promise<LoadedModel> => {
  const folder = path.join(modelsDir, ref)
  const manifest = await readJson(path.join(folder, 'manifest.json'), ModelManifest, 'MANIFEST_INVALID')
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
