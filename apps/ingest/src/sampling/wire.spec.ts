import { describe, expect, it } from '@jest/globals'
import { encodeMessage, MessageReader, type Message } from './wire.js'

const messages: Message[] = [
  { kind: 'read', header: { offset: 5, length: 9 } },
  { kind: 'bytes', header: null, body: Buffer.from('some bytes') },
  { kind: 'refused', header: { code: 'MEDIA_EMPTY', detail: '空' } },
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

  it('refuses a message that is too long to be honest', () => {
    const reader = new MessageReader(() => undefined)
    expect(() => reader.push(Buffer.from([255, 255, 255, 255]))).toThrow(RangeError)
  })
})
