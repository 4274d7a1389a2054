import { describe, expect, it } from '@jest/globals'
import { joinText, SubmitContent } from './submission.js'

const takes = (submission: unknown): boolean => SubmitContent.safeParse(submission).success
const author = (fields: object) => ({ title: 'x', author: { authorId: 'a', ...fields } })

describe('SubmitContent', () => {
  it.each([
    ['title', 2_000],
    ['description', 20_000],
    ['ocrText', 50_000],
    ['asrText', 50_000],
    ['externalId', 200],
  ])('takes %s of up to %d characters', (field, max) => {
    expect(takes({ [field]: '猫'.repeat(max) })).toBe(true)
    expect(takes({ [field]: '猫'.repeat(max + 1) })).toBe(false)
  })

  it('holds the signals of an author to their ranges', () => {
    const topics = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`)
    for (const fields of [
      { authorId: 'a'.repeat(200) },
      { displayName: 'a'.repeat(200) },
      { followers: 0 },
      { topics: topics(20) },
      { topics: ['t'.repeat(100)] },
      { region: 'CN' },
    ])
      expect([fields, takes(author(fields))]).toEqual([fields, true])
    for (const fields of [
      { authorId: '' },
      { authorId: 'a'.repeat(201) },
      { displayName: 'a'.repeat(201) },
      { followers: -1 },
      { followers: 1.5 },
      { topics: topics(21) },
      { topics: [''] },
      { topics: ['t'.repeat(101)] },
      { region: 'cn' },
      { region: 'CHN' },
      { region: 'XCN' },
    ])
      expect([fields, takes(author(fields))]).toEqual([fields, false])
  })

  it('wants an externalId that is not empty, and a language and a priority that exist', () => {
    expect(takes({ externalId: '' })).toBe(false)
    expect(takes({ language: 'fr' })).toBe(false)
    expect(takes({ priority: 'now' })).toBe(false)
    expect(SubmitContent.parse({})).toEqual({ language: 'zh' })
  })
})

describe('joinText', () => {
  it('joins what is not blank, in one order', () => {
    expect(joinText({ asrText: 'd', ocrText: ' c ', title: ' a', description: '\n' })).toBe('a c d')
    expect(joinText({ title: ' ' })).toBe('')
  })
})
