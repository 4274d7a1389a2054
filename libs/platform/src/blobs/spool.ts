import { ReeltagError } from '@reeltag/contracts'
import fs from 'node:fs/promises'
import path from 'node:path'
import { newId } from '../database/ids.js'

/** A path for a new file in a spool folder, which is made where it lacks. */
export const newSpoolPath = async (folder: string): Promise<string> => {
  await onDisk(() => fs.mkdir(folder, { recursive: true, mode: 0o700 }))
  return path.join(folder, `${newId()}.part`)
}

/** Removes files that nobody has written to for a while. @returns how many */
export const sweepSpool = async (folder: string, graceSeconds: number): Promise<number> => {
  const names = await fs.readdir(folder).catch(() => [])
  let removed = 0
  for (const name of names) {
    const file = path.join(folder, name)
    const stat = await fs.stat(file).catch(() => undefined)
    if (stat === undefined || Date.now() - stat.mtimeMs < graceSeconds * 1_000) continue
    await fs.rm(file, { force: true })
    removed++
  }
  return removed
}

/** The operator can repair a full disk, so it has an error code of its own. */
export const onDisk = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new ReeltagError('STORAGE_FULL', 'the disk of blobs and uploads is full', { cause: error })
    throw error
  }
}
