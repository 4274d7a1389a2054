import { once } from 'node:events'
import net from 'node:net'

const triesMax = 50

/**
 * A port that nothing listens on. Below the range that the system gives to outgoing connections, so that a server
 * which is down for a while finds its port free when it comes back.
 */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < triesMax; tries++) {
    const port = 15_000 + Math.floor(Math.random() * 17_000)
    if (await isFree(port)) return port
  }
  throw new Error(`no free port in ${triesMax} tries`)
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
