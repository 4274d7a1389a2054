import fs from 'node:fs/promises'
import path from 'node:path'

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code

/**
 * Makes a folder of ours (mode 0700) and those above it. Not by `recursive: true`, which never returns on a file system
 * that answers ENOENT where nothing may be made, as /proc does.
 * @throws what the file system says; EEXIST where a file is in the way
 */
export const makeFolders = async (folder: string): Promise<void> => {
  try {
    await makeFolder(folder)
  } catch (error) {
    const parent = path.dirname(folder)
    if (codeOf(error) !== 'ENOENT' || parent === folder) throw error
    // It may have appeared since: somebody else makes it too.
    if (!(await isFolder(parent))) await makeFolders(parent)
    await makeFolder(folder)
  }
}

const makeFolder = async (folder: string): Promise<void> => {
  try {
    await fs.mkdir(folder, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !(await isFolder(folder))) throw error
  }
}

const isFolder = (folder: string): Promise<boolean> =>
  fs.stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
