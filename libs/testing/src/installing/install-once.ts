import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identityOf, isRunning, type ProcessIdentity } from '../process-identity.js'
import { testEnvironment } from '../test-environment.js'

const waitMinutesMax = 10
const pollMs = 200

/** Folder in the cache that holds a server; it exists only when it is whole. */
export const installedFolder = (name: string): string => path.join(testEnvironment.cacheFolder, name)

export const isInstalled = (name: string): boolean => fs.existsSync(installedFolder(name))

/**
 * Installs into the user's cache, once, whoever else tries at the same time: the work happens in a folder beside,
 * which is renamed when it is whole.
 * @returns the folder
 */
export const installOnce = async (name: string, install: (draft: string) => Promise<void>): Promise<string> => {
  const folder = installedFolder(name)
  if (fs.existsSync(folder)) return folder
  fs.mkdirSync(testEnvironment.cacheFolder, { recursive: true })
  const release = await acquire(`${folder}.lock`)
  const draft = `${folder}.draft-${process.pid}`
  try {
    if (fs.existsSync(folder)) return folder
    fs.rmSync(draft, { recursive: true, force: true })
    fs.mkdirSync(draft)
    await install(draft)
    fs.renameSync(draft, folder)
    return folder
  } finally {
    fs.rmSync(draft, { recursive: true, force: true })
    release()
  }
}

/** A lock file that names its owner, so that one left by a process that was killed is taken over. */
const acquire = async (lockFile: string): Promise<() => void> => {
  const deadline = performance.now() + waitMinutesMax * 60_000
  for (;;) {
    try {
      fs.writeFileSync(lockFile, JSON.stringify(identityOf(process.pid)), { flag: 'wx' })
      return () => fs.rmSync(lockFile, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (isAbandoned(lockFile)) fs.rmSync(lockFile, { force: true })
    else if (performance.now() > deadline) throw new Error(`${lockFile} is held for over ${waitMinutesMax} minutes`)
    else await sleep(pollMs)
  }
}

const isAbandoned = (lockFile: string): boolean => {
  try {
    return !isRunning(JSON.parse(fs.readFileSync(lockFile, 'utf8')) as ProcessIdentity)
  } catch {
    // Just released, or being written.
    return false
  }
}
