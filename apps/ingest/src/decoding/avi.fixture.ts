/** What an uncompressed AVI is made of: pictures of one colour each, a second long. */
export interface Avi {
  /** RGB. */
  readonly colours: readonly (readonly [red: number, green: number, blue: number])[]
  /** A multiple of four: rows need no padding. */
  readonly width: number
  readonly height: number
  /** Video streams that the header lists; all but the first have no packets. */
  readonly streams?: number
}

/** Written by hand, so that each test has exactly the sides, streams and seconds that it is about. */
export const avi = ({ colours, width, height, streams = 1 }: Avi): Buffer => {
  const bytes = width * height * 3
  const mainHeader = words(1_000_000, 0, 0, 0x10, colours.length, 0, streams, bytes, width, height, 0, 0, 0, 0)
  const streamHeader = Buffer.concat([
    Buffer.from('vidsDIB '),
    words(0, 0, 0, 1, 1, 0, colours.length, bytes, 0, 0),
    words(0, (height << 16) | width),
  ])
  const format = words(40, width, height, (24 << 16) | 1, 0, bytes, 0, 0, 0, 0)
  const stream = list('strl', chunk('strh', streamHeader), chunk('strf', format))
  const packets = colours.map(([red, green, blue]) => chunk('00db', Buffer.alloc(bytes, Buffer.of(blue, green, red))))
  const index = packets.map((packet, at) =>
    Buffer.concat([Buffer.from('00db'), words(0x10, 4 + at * packet.length, bytes)]),
  )
  return chunk(
    'RIFF',
    Buffer.concat([
      Buffer.from('AVI '),
      list('hdrl', chunk('avih', mainHeader), ...Array.from({ length: streams }, () => stream)),
      list('movi', ...packets),
      chunk('idx1', Buffer.concat(index)),
    ]),
  )
}

const words = (...values: number[]): Buffer => {
  const out = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) out.writeUInt32LE(value, index * 4)
  return out
}

const chunk = (name: string, body: Buffer): Buffer => Buffer.concat([Buffer.from(name), words(body.length), body])

const list = (name: string, ...parts: Buffer[]): Buffer => chunk('LIST', Buffer.concat([Buffer.from(name), ...parts]))
