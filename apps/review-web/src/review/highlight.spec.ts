import { describe, expect, it } from '@jest/globals'
import { pieces } from './highlight.js'

describe('pieces', () => {
  it('cut a text at what carried the decision, and lose nothing of it', () => {
    const text = '周末去看大熊猫，太可爱了'
    const cut = pieces(
      text,
      [
        { start: 8, end: 11, weight: 0.05 },
        { start: 4, end: 7, weight: 0.5 },
        { start: 3, end: 4, weight: 0.25 },
      ],
      0.5,
    )
    expect(cut).toEqual([
      { text: '周末去', weight: 0 },
      { text: '看', weight: 0.5 },
      { text: '大熊猫', weight: 1 },
      { text: '，太可爱了', weight: 0 },
    ])
    expect(cut.map((piece) => piece.text).join('')).toBe(text)
  })

  it('leave out what does not lie in the text', () => {
    expect(pieces('cat', [{ start: 1, end: 9, weight: 1 }], 1)).toEqual([{ text: 'cat', weight: 0 }])
    expect(pieces('', [], 0)).toEqual([])
  })
})
