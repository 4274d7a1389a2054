import { describe, expect, it } from '@jest/globals'
import { byteRange } from './byte-range.js'

const size = 1_000

describe('byteRange', () => {
  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=0-', 0, 999],
    ['bytes=999-', 999, 999],
    ['bytes=10-19', 10, 19],
    ['bytes=990-5000', 990, 999],
    [`bytes=5-${'9'.repeat(400)}`, 5, 999],
    ['bytes=-1', 999, 999],
    ['bytes=-1000', 0, 999],
    ['bytes=-99999', 0, 999],
    ['Bytes=1-2', 1, 2],
  ])('reads %s', (header, first, last) => {
    expect(byteRange(header, size)).toEqual({ first, last })
  })

  it.each(['bytes=1000-', 'bytes=1000-2000', `bytes=${'9'.repeat(400)}-`, 'bytes=-0'])(
    'has nothing at %s',
    (header) => {
      expect(byteRange(header, size)).toBe('none')
    },
  )

  it.each([undefined, '', 'bytes=', 'bytes=-', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=5-4', 'bytes=a-b', 'bytes=1e2-'])(
    'passes over %s',
    (header) => {
      expect(byteRange(header, size)).toBe('all')
    },
  )
})
