import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { endProcess, type ProcessIdentity } from './process-identity.js'
import { testEnvironment } from './test-environment.js'

// A test run writes down every server that it starts, so that whoever ends the run can stop what a failed test left.
const recordSuffix = '.server.json'

/** A new folder for a server's data, inside the run's where there is a run. */
export const newDataFolder = (name: string): string => {
  const base = testEnvironment.runFolder ?? os.tmpdir()
  return fs.mkdtempSync(path.join(base, `reeltag-${name}-`))
}

export const recordServer = (server: ProcessIdentity): void => {
  const { runFolder } = testEnvironment
  if (runFolder === undefined) return
  fs.writeFileSync(path.join(runFolder, `${server.pid}${recordSuffix}`), JSON.stringify(server))
}

export const forgetServer = ({ pid }: ProcessIdentity): void => {
  const { runFolder } = testEnvironment
  if (runFolder !== undefined) fs.rmSync(path.join(runFolder, `${pid}${recordSuffix}`), { force: true })
}

/** Stops, by force, what is still recorded in a run's folder, and removes the folder; does nothing where it is gone. */
export const endRun = async (runFolder: string): Promise<void> => {
  if (!fs.existsSync(runFolder)) return
  const records = fs.readdirSync(runFolder).filter((name) => name.endsWith(recordSuffix))
  for (const name of records) {
    const server = JSON.parse(fs.readFileSync(path.join(runFolder, name), 'utf8')) as ProcessIdentity
    await endProcess(server, { graceMs: 0 })
  }
  fs.rmSync(runFolder, { recursive: true, force: true, maxRetries: 3 })
}
