import { describe, expect, it } from '@jest/globals'
import { encodeMessage, MessageReader, type Message } from './wire.js'

const messages: Message[] = [
  { kind: 'read', header: { offset: 5, length: 9 } },
  { kind: 'bytes', header: null, body: Buffer.from('some bytes') },
  { kind: 'refused', header: { code: 'MEDIA_UNDECODABLE', detail: '空' } },
]

describe('wire', () => {
  it('reads messages whole, however the pipe cuts them', () => {
    const stream = Buffer.concat(messages.map(encodeMessage))
    for (const step of [1, 2, 3, 7, 1_000]) {
      const seen: Message[] = []
      const reader = new MessageReader((message) => seen.push(message))
      for (let start = 0; start < stream.length; start += step) reader.push(stream.subarray(start, start + step))
      expect(seen.map(({ kind }) => kind)).toEqual(['read', 'bytes', 'refused'])
      expect(seen[1]?.body?.toString()).toBe('some bytes')
    }
  })

  it('refuses a message of one byte more than it may have, as soon as it is announced', () => {
    const seen: Message[] = []
    const bytes = encodeMessage(messages[1] as Message)
    const reader = (bytesMax: number) =>
      new MessageReader(
        (message) => seen.push(message),
        () => bytesMax,
      )
    reader(bytes.length - 4).push(bytes)
    expect(seen).toHaveLength(1)
    expect(() => reader(bytes.length - 5).push(bytes.subarray(0, 4))).toThrow(RangeError)
  })
})
