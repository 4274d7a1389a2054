import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import net from 'node:net'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { freePort } from './free-port.js'

const run = promisify(execFile)

/** What another process is given when every number but one is out of the question. */
const elsewhere = async (port: number): Promise<string> => {
  const module = new URL('./free-port.js', import.meta.url).href
  const script = `Math.random = () => ${(port - 15_000 + 0.5) / 17_000}
    const { freePort } = await import(${JSON.stringify(module)})
    console.log(await freePort().catch((error) => error.message))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
  return stdout.trim()
}

it('gives no port that another living process was given, though nothing listens on it', async () => {
  const port = await freePort()
  expect(await elsewhere(port)).toMatch(/no free port/)
})

it('gives one again whose process has ended, unless something listens there', async () => {
  let port = await freePort()
  while ((await elsewhere((port += 1))) !== String(port));
  expect(await elsewhere(port)).toBe(String(port))
  const server = net.createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  expect(await elsewhere(port)).toMatch(/no free port/)
  server.close()
})
