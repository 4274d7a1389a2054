import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.js'

const triesMax = 50
/** One file a port, which names the process that has it. By user: nobody can write into another's folder. */
const folder = path.join(os.tmpdir(), `reeltag-ports-${process.getuid?.() ?? 'all'}`)

/**
 * A port that nothing listens on, and that no other test process is given until this one has ended: it is picked some
 * time before a server listens on it, and a server that is down for a while must find it free when it comes back.
 * Below the range that the system gives to outgoing connections.
 */
export const freePort = async (): Promise<number> => {
  fs.mkdirSync(folder, { recursive: true })
  for (let tries = 0; tries < triesMax; tries++) {
    const port = 15_000 + Math.floor(Math.random() * 17_000)
    if (reserve(port) && (await isFree(port))) return port
  }
  throw new Error(`no free port in ${triesMax} tries`)
}

const reserve = (port: number): boolean => {
  const file = path.join(folder, String(port))
  const take = (flag: 'wx' | 'w'): void => fs.writeFileSync(file, JSON.stringify(identityOf(process.pid)), { flag })
  try {
    take('wx')
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  if (!isAbandoned(file)) return false
  take('w')
  return true
}

const isAbandoned = (file: string): boolean => {
  try {
    return !isRunning(JSON.parse(fs.readFileSync(file, 'utf8')) as ProcessIdentity)
  } catch {
    // Being written.
    return false
  }
}

const isFree = async (port: number): Promise<boolean> => {
  const server = net.createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
