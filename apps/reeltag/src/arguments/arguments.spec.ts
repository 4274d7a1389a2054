import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { checked, namedArguments, numberOf, required } from './arguments.js'

const refused = (message: string) => expect.objectContaining({ code: 'ARGUMENT_INVALID', message })

describe('arguments of commands', () => {
  it('are named where one is missing or too much', () => {
    expect(namedArguments(['a', 'b'], ['rows', 'out'])).toEqual({ rows: 'a', out: 'b' })
    expect(() => namedArguments(['a'], ['rows', 'out'])).toThrow(refused('<out> is missing'))
    expect(() => namedArguments(['a', 'b', 'c'], ['rows', 'out'])).toThrow(
      refused('c is too much: the command takes <rows> <out>'),
    )
    expect(() => namedArguments(['a'], [])).toThrow(refused('a is too much: the command takes options only'))
    // What a variable of the shell leaves that was never set.
    expect(() => namedArguments(['a', ' '], ['rows', 'out'])).toThrow(refused('<out> is empty'))
    expect(() => required('facet', undefined)).toThrow(refused('--facet is missing'))
  })

  it('are numbers only where one is written', () => {
    expect(['0', '-1', '0.5', '.5', '2.', '1e-3'].map((text) => numberOf('--delta', text))).toEqual([
      0, -1, 0.5, 0.5, 2, 1e-3,
    ])
    for (const text of ['', ' ', '0x10', 'NaN', 'Infinity', '1,5', '5 '])
      expect(() => numberOf('--delta', text)).toThrow(refused(`--delta takes a number, not '${text}'`))
  })

  it('are named as they are typed, not as a schema calls them', () => {
    const schema = z.object({ codes: z.array(z.string().max(3, 'is long')), delta: z.number('is no number') })
    expect(checked(schema, { codes: ['A'], delta: 1 }, {})).toEqual({ codes: ['A'], delta: 1 })
    expect(() => checked(schema, { codes: ['LONG'], delta: Number.NaN }, { codes: '--code' })).toThrow(
      refused('--code 0: is long; --delta: is no number'),
    )
  })
})
