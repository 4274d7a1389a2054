import { once } from 'node:events'
import net from 'node:net'
import { freePort } from '../free-port.js'

/** How a proxy treats what passes through it. */
export type ProxyMode =
  /** Passes bytes on. */
  | 'pass'
  /** Takes connections and passes nothing on, as a network that drops packets; what waits arrives after `pass`. */
  | 'black-hole'
  /** Resets every connection, open or new. */
  | 'reset'

/** A man in the middle on loopback, for faults between a client and a server that both stay up. */
export class TcpProxy {
  private mode: ProxyMode = 'pass'
  private delayMs = 0
  private readonly sockets = new Set<net.Socket>()
  private readonly server = net.createServer({ allowHalfOpen: true }, (client) => this.connect(client))

  private constructor(
    readonly port: number,
    private readonly target: { readonly host: string; readonly port: number },
  ) {}

  /** @param target `host:port` of the server */
  static async start(target: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(`tcp://${target}`)
    const proxy = new TcpProxy(await freePort(), { host: hostname, port: Number(port) })
    proxy.server.listen(proxy.port, '127.0.0.1')
    await once(proxy.server, 'listening')
    return proxy
  }

  /** `host:port` for clients. */
  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  set(mode: ProxyMode): void {
    this.mode = mode
    for (const socket of this.sockets) {
      if (mode === 'reset') socket.resetAndDestroy()
      else if (mode === 'black-hole') socket.pause()
      else socket.resume()
    }
  }

  /** Holds back every piece, both ways, for `ms` milliseconds. */
  delay(ms: number): void {
    this.delayMs = ms
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.server.close()
    await once(this.server, 'close')
  }

  private connect(client: net.Socket): void {
    this.keep(client)
    if (this.mode === 'reset') return void client.resetAndDestroy()
    const upstream = net.connect({ ...this.target, allowHalfOpen: true })
    this.keep(upstream)
    this.pump(client, upstream)
    this.pump(upstream, client)
  }

  private keep(socket: net.Socket): void {
    this.sockets.add(socket)
    // A broken connection is what this is for; `close` follows.
    socket.on('error', () => undefined)
    socket.on('close', () => this.sockets.delete(socket))
  }

  private pump(from: net.Socket, to: net.Socket): void {
    const later = (work: () => void): void => {
      if (this.delayMs === 0) work()
      else setTimeout(work, this.delayMs)
    }
    from.on('data', (chunk) => later(() => this.forward(chunk, from, to)))
    from.on('end', () => later(() => to.end()))
    from.on('close', () => later(() => to.destroy()))
    if (this.mode === 'black-hole') from.pause()
  }

  private forward(chunk: Buffer, from: net.Socket, to: net.Socket): void {
    if (!to.writable || to.write(chunk)) return
    from.pause()
    to.once('drain', () => {
      if (this.mode === 'pass') from.resume()
    })
  }
}
