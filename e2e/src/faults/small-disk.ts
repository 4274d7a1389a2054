import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const megabytes = 400
const mebibyte = 2 ** 20

/** A file system in memory that is small enough to be filled. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** @returns undefined where this user may not mount */
  static mount(): SmallDisk | undefined {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-disk-'))
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0777`, 'tmpfs', folder])
    if (status === 0) return new SmallDisk(folder)
    fs.rmdirSync(folder)
    return undefined
  }

  /** Takes every byte that is left. */
  fill(): void {
    const file = fs.openSync(this.ballast, 'w')
    try {
      for (;;) fs.writeSync(file, Buffer.alloc(mebibyte))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    } finally {
      fs.closeSync(file)
    }
  }

  free(): void {
    fs.rmSync(this.ballast, { force: true })
  }

  unmount(): void {
    spawnSync('umount', ['--lazy', this.folder])
    fs.rmSync(this.folder, { recursive: true, force: true })
  }

  private get ballast(): string {
    return path.join(this.folder, 'ballast')
  }
}
