import fs from 'node:fs'
import path from 'node:path'

const fileOf = (dataDir: string): string => path.join(dataDir, 'postmaster.pid')

/**
 * Whether a data directory's postmaster.pid names a process that is not its server. After a power cut, or in a container
 * that starts anew, the number of a killed Postgres soon belongs to somebody else; pg_ctl and Postgres itself would take
 * that one for the server. A Postgres works in its data directory; where the system does not tell, pg_ctl's word counts.
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
