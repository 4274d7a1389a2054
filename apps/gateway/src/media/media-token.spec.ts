import { describe, expect, it } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { readToken, writeToken, type MediaGrant } from './media-token.js'

const secret = randomBytes(32)
const grant: MediaGrant = {
  workspaceId: randomUUID(),
  contentId: randomUUID(),
  kind: 'frame',
  index: 513,
  expires: 4_102_444_800,
}

describe('a token of media', () => {
  it('says what was granted, and fits a path', () => {
    const token = writeToken(grant, secret)
    expect(readToken(token, secret)).toEqual(grant)
    expect(token).toMatch(/^[\w-]{95}$/)
  })

  it('is refused with any bit changed, and with another secret', () => {
    const bytes = Buffer.from(writeToken(grant, secret), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const forged = Buffer.from(bytes)
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(readToken(forged.toString('base64url'), secret)).toBeUndefined()
    }
    expect(readToken(bytes.toString('base64url'), randomBytes(32))).toBeUndefined()
  })

  it('has one spelling', () => {
    const token = writeToken(grant, secret)
    for (const other of [
      `${token}=`,
      `${token} `,
      ` ${token}`,
      `.${token}`,
      token.slice(0, -1),
      `${token}A`,
      '',
      '../',
    ])
      expect([other, readToken(other, secret)]).toEqual([other, undefined])
  })
})
