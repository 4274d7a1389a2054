import net from 'node:net'
import { Failure } from './bootstrap.mjs'

const portFirst = 3000
const portLast = 3099

const isFree = (port) =>
  new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/**
 * Runs `start(port)` on the port that is named, or on the first that is free from 3000 on. Whoever starts at the same
 * moment finds the same one free: where `start` fails with PORT_TAKEN, the next is tried.
 */
export const onFreePort = async (named, start) => {
  if (named) return start(Number(named))
  for (let port = portFirst; port <= portLast; port++) {
    if (!(await isFree(port))) continue
    try {
      return await start(port)
    } catch (error) {
      if (!error.message.startsWith('PORT_TAKEN')) throw error
    }
  }
  throw new Failure(`ports ${portFirst} to ${portLast} are all in use`, 'set PORT to a free port')
}
