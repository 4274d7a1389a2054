import fs from 'node:fs'
import path from 'node:path'

const fileOf = (dataDir: string): string => path.join(dataDir, 'postmaster.pid')

/**
 * Whether a data directory's postmaster.pid names a process that is not its server. After a power cut, or in a new
 * container, another process may have the pid of a killed Postgres. pg_ctl and Postgres itself would take it for the
 * server. The working directory of a Postgres is its data directory; if the system does not show it, pg_ctl decides.
 */
export const namesStranger = (dataDir: string): boolean => {
  try {
    const [pid = ''] = fs.readFileSync(fileOf(dataDir), 'utf8').split('\n')
    const [theirs, ours] = [fs.statSync(`/proc/${Number(pid)}/cwd`), fs.statSync(dataDir)]
    return theirs.ino !== ours.ino || theirs.dev !== ours.dev
  } catch {
    return false
  }
}

/** Removes a postmaster.pid that names a stranger, so that Postgres can start. */
export const forgetStranger = (dataDir: string): void => {
  if (namesStranger(dataDir)) fs.rmSync(fileOf(dataDir), { force: true })
}
