import { describe, expect, it } from '@jest/globals'
import { ReeltagError } from '@reeltag/contracts'
import fc from 'fast-check'
import { returnToOf } from './return-to.js'

const origin = 'https://tags.example'

describe('where a browser goes after it has signed in', () => {
  it('is a page of this server, with its query and fragment', () => {
    for (const path of ['/app/', '/app/review?item=1#notes', '/', '/app/评审'])
      expect(returnToOf(path)).toBe(encodeURI(path))
  })

  it.each([
    '//evil.example',
    String.raw`/\evil.example`,
    String.raw`\\evil.example`,
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/app/..//evil.example',
    '/%2e//evil.example',
    '//user@evil.example/app',
    '///evil.example',
    '',
    'app/',
  ])('is never %j', (path) => {
    expect(() => returnToOf(path)).toThrow(expect.objectContaining({ code: 'QUERY_INVALID' }))
  })

  it('stays on this server whatever is asked for', () => {
    const nasty = fc.array(
      fc.constantFrom('/', '\\', '.', '..', '\t', '\n', '@', ':', '%2e', '%2f', 'evil.example', '?', '#', ' '),
    )
    fc.assert(
      fc.property(nasty, (parts) => {
        let path: string
        try {
          path = returnToOf(`/${parts.join('')}`)
        } catch (error) {
          return error instanceof ReeltagError
        }
        return new URL(path, origin).origin === origin
      }),
      { numRuns: 5_000 },
    )
  })
})
