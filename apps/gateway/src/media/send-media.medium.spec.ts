import { expect, it } from '@jest/globals'
import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { cutWhenIdle } from './send-media.js'

/** Bytes without an end. */
const endless = (): Readable =>
  new Readable({
    read() {
      this.push(Buffer.alloc(65_536))
    },
  })

it('cuts a reader who takes nothing more, and lets go of what was read for them', async () => {
  const source = endless()
  const server = http.createServer((_, response) => {
    cutWhenIdle(response, 200)
    source.pipe(response)
    response.on('close', () => source.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const reader = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
  reader.on('error', () => undefined)
  reader.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(reader, 'readable')
  await once(source, 'close')
  expect(source.destroyed).toBe(true)
  reader.destroy()
  server.close()
})
