import { ReeltagError } from '@reeltag/contracts'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'

export interface PackFolders {
  /** Holds `<name>/<version>/manifest.json` and `packs/<name>/<version>/pack.json`. */
  readonly modelsDir: string
  /** Holds `<name>/<version>.yaml`. */
  readonly taxonomiesDir: string
}

/** A file of a pack by the path that its checksum list uses: `models/…` or `taxonomies/…`. */
export const verifyListed = async (
  { modelsDir, taxonomiesDir }: PackFolders,
  file: string,
  sha256: string,
): Promise<void> => {
  const [top, ...rest] = file.split('/')
  if (top === 'models') return verify(modelsDir, path.join(...rest), sha256)
  if (top === 'taxonomies') return verify(taxonomiesDir, path.join(...rest), sha256)
  throw new ReeltagError('PACK_INVALID', `${file} is outside models/ and taxonomies/`)
}

/** @throws MODEL_MISSING, PACK_INVALID */
export const verify = async (root: string, relative: string, expected: string): Promise<void> => {
  const file = path.join(root, relative)
  await assertConfined(root, relative)
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const actual = hash.digest('hex')
  if (actual !== expected) {
    throw new ReeltagError(
      'PACK_INVALID',
      `${file} has SHA-256 ${actual}, expected ${expected}: restore it from the pack's release`,
    )
  }
}

/** A link below the root could lead out of it, or to another file the next time. */
const assertConfined = async (root: string, relative: string): Promise<void> => {
  const file = path.join(root, relative)
  try {
    const [realRoot, realFile, stat] = await Promise.all([fs.realpath(root), fs.realpath(file), fs.stat(file)])
    if (realFile !== path.join(realRoot, relative))
      throw new ReeltagError('PACK_INVALID', `${file} is reached through a link`)
    if (!stat.isFile()) throw new ReeltagError('PACK_INVALID', `${file} is not a regular file`)
  } catch (error) {
    if (error instanceof ReeltagError) throw error
    throw new ReeltagError('MODEL_MISSING', `${file} cannot be read`, { cause: error })
  }
}
