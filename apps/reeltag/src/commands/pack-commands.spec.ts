import { describe, expect, it } from '@jest/globals'
import { actorOf } from '../arguments/arguments.js'
import { secondsOf } from './pack-commands.js'

const refused = expect.objectContaining({ code: 'ARGUMENT_INVALID' })

describe('options of changes to packs', () => {
  it('wait for 1 to 3600 seconds', () => {
    expect(['1', '0120', '1.5', '3600'].map(secondsOf)).toEqual([1, 120, 1.5, 3_600])
    for (const wait of ['0', '0.9', '-1', '3600.1', '3601', '', ' ', 'NaN', 'Infinity', 'long', '5s'])
      expect(() => secondsOf(wait)).toThrow(refused)
  })

  it('name somebody in 1 to 100 characters that fit into a column', () => {
    expect(actorOf('艾达 🙂')).toBe('艾达 🙂')
    expect(actorOf('a'.repeat(100))).toHaveLength(100)
    expect(actorOf()).toMatch(/@/)
    for (const as of ['', '  ', 'a'.repeat(101), 'a\tb', 'a\nb', 'a\u2028b']) expect(() => actorOf(as)).toThrow(refused)
  })
})
