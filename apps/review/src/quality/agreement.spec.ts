import { describe, expect, it } from '@jest/globals'
import { agreementOf, kappaOf, type DoubleReview } from './agreement.js'

const review = (one: string, other: string, ...answers: [string, string]): DoubleReview => ({ one, other, answers })
const times = (count: number, ...answers: [string, string]): DoubleReview[] =>
  Array.from({ length: count }, () => review('li', 'wang', ...answers))

describe('agreement', () => {
  it('is counted for each pair, whoever of the two was first', () => {
    const reviews = [review('li', 'wang', 'a', 'a'), review('wang', 'li', 'a', 'b'), review('li', 'zhao', 'b', 'b')]
    expect(agreementOf(reviews)).toEqual([
      { one: 'li', other: 'wang', items: 2, agreed: 1 },
      { one: 'li', other: 'zhao', items: 1, agreed: 1 },
    ])
  })

  it('beyond chance is as the formula says', () => {
    // 20 of 50 both yes, 15 both no, 15 differ: yes is 55 of 100 answers. (0.7 − 0.505) / 0.495
    const reviews = [...times(20, 'yes', 'yes'), ...times(15, 'no', 'no'), ...times(15, 'yes', 'no')]
    expect(kappaOf(reviews)).toBeCloseTo(0.195 / 0.495, 12)
    expect(kappaOf([...times(3, 'a', 'a'), ...times(3, 'b', 'b')])).toBe(1)
    expect(kappaOf(times(4, 'a', 'b'))).toBe(-1)
  })

  it('is not told where there is nothing beyond chance', () => {
    expect(kappaOf([])).toBeUndefined()
    expect(kappaOf(times(9, 'a', 'a'))).toBeUndefined()
  })
})
