import net from 'node:net'
import { freePort } from '../free-port.js'
import { dataFolder, NativeServer } from './native-server.js'

export interface RedisOptions {
  /** Default: a new temporary folder. */
  readonly folder?: string
  /** Default: a free one. */
  readonly port?: number
  /** Settings beside or instead of ours, such as `{ 'maxmemory-policy': 'allkeys-lru' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

const answerMs = 1_000

/** A Redis as Reeltag wants it: append-only file, nothing evicted. `address` goes into REDIS_URL. */
export const startRedis = async (options: RedisOptions = {}): Promise<NativeServer> => {
  const port = options.port ?? (await freePort())
  const folder = dataFolder('redis', options.folder)
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: folder,
    appendonly: 'yes',
    'maxmemory-policy': 'noeviction',
    save: '',
    ...options.settings,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const password = options.settings?.['requirepass']
  return new NativeServer(`redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`, {
    name: 'redis-server',
    command: ['redis-server', ...args],
    folder,
    answers: () => pongs(port),
  }).start()
}

/** True once it has read its data; before that it answers LOADING. */
const pongs = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const settle = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(answerMs, () => settle(false))
    socket.once('error', () => settle(false))
    socket.once('data', (data) => settle(/^(\+PONG|-NOAUTH)/.test(data.toString('latin1'))))
  })
