import { afterAll, describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { makeFolders } from './make-folders.js'

describe('makeFolders', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-folders-'))
  afterAll(() => fs.rmSync(home, { recursive: true }))

  it('makes what is missing, for its owner alone, and takes what is there', async () => {
    const folder = path.join(home, 'a/b/c')
    await Promise.all([makeFolders(folder), makeFolders(folder), makeFolders(path.join(home, 'a/b'))])
    await makeFolders(folder)
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700)
  })

  it('says at once where nothing can be made', async () => {
    fs.writeFileSync(path.join(home, 'file'), '')
    await expect(makeFolders(path.join(home, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(makeFolders(path.join(home, 'file/below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
    // Linux alone has a file system that says ENOENT here; elsewhere /proc is any folder that root owns.
    if (process.platform === 'linux')
      await expect(makeFolders('/proc/reeltag/blobs')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
