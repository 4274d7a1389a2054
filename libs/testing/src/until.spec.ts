import { describe, expect, it } from '@jest/globals'
import { patience, until } from './until.js'

describe('until', () => {
  it('returns the first answer, be it 0 or empty', async () => {
    const answers = [undefined, null, false, 0]
    expect(await until('there is one', 5, () => answers.shift())).toBe(0)
    expect(await until('there is one', 5, () => Promise.resolve(''))).toBe('')
  })

  it('says what it waited for in vain', async () => {
    await expect(until('pigs fly', 0, () => false)).rejects.toThrow('waited 0 s in vain until pigs fly')
  })

  it('throws what the probe throws', async () => {
    const broken = (): never => {
      throw new Error('broken')
    }
    await expect(until('it works', 5, broken)).rejects.toThrow('broken')
  })

  it('is as patient as the machine is busy, and never less than asked', () => {
    expect(patience(0, 2)).toBe(1)
    expect(patience(1.9, 2)).toBe(1)
    expect(patience(7, 2)).toBe(3.5)
    expect(patience(400, 2)).toBe(8)
  })
})
