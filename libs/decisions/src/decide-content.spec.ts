import { describe, expect, it } from '@jest/globals'
import { Taxonomy } from '@reeltag/taxonomy'
import { decideContent, type FacetToDecide } from './decide-content.js'

const taxonomy = Taxonomy.parse(
  `
format: 1
name: tiny
version: 1
facets:
- id: subject
  kind: single
  names: {zh: 主题, en: Subject}
  nodes:
  - id: animals
    names: {zh: 动物, en: Animals}
    children:
    - {id: cat, names: {zh: 猫, en: Cat}}
    - {id: dog, names: {zh: 狗, en: Dog}}
  - {id: food, names: {zh: 食物, en: Food}}
- id: mood
  kind: single
  names: {zh: 情绪, en: Mood}
  nodes:
  - {id: calm, names: {zh: 平静, en: Calm}}
  - {id: wild, names: {zh: 狂野, en: Wild}}
`,
  'tiny.yaml',
)
const from = (at: number) => ({ kind: 'threshold', at }) as const
const labels = (facet: string, leaves: string[]): FacetToDecide => ({
  facet: taxonomy.facet(facet),
  leaves,
  temperature: { 'text+video': 1, video: 2, text: 4 },
  publish: { 'text+video': from(0.8), video: from(0.8), text: from(0.8) },
  role: 'deciding',
})
const subject = labels('subject', ['cat', 'dog', 'food'])
const mood = labels('mood', ['calm', 'wild'])
const logits = (...probabilities: number[]) => Float32Array.from(probabilities, Math.log)

describe('decideContent', () => {
  it('publishes a certified leaf with its path and names, and asks nobody', () => {
    const { decision, tags } = decideContent([subject], { subject: logits(0.9, 0.06, 0.04) }, 'text+video')
    expect(decision).toBe('published')
    expect(tags).toEqual([
      {
        facet: 'subject',
        path: 'animals/cat',
        names: [
          { zh: '动物', en: 'Animals' },
          { zh: '猫', en: 'Cat' },
        ],
        confidence: expect.closeTo(0.9, 5),
        status: 'published',
      },
    ])
  })

  it('publishes the certified ancestor first, then what a reviewer may choose from', () => {
    const { decision, tags } = decideContent([subject], { subject: logits(0.5, 0.4, 0.1) }, 'text+video')
    expect(decision).toBe('published-ancestor')
    expect(tags.map(({ path, status }) => `${path} ${status}`)).toEqual([
      'animals published',
      'animals/cat candidate',
      'animals/dog candidate',
      'food candidate',
    ])
  })

  it('publishes nothing that is uncertain', () => {
    const { decision, tags } = decideContent([subject], { subject: logits(0.4, 0.2, 0.4) }, 'text')
    expect(decision).toBe('review')
    expect(tags.every(({ status }) => status === 'candidate')).toBe(true)
  })

  describe('with an advisory facet', () => {
    const advisory: FacetToDecide = { ...mood, role: 'advisory' }
    const advised = (...ofSubject: number[]) =>
      decideContent([subject, advisory], { subject: logits(...ofSubject), mood: logits(0.9, 0.1) }, 'text+video')
    const told = ({ tags }: ReturnType<typeof advised>) => tags.map(({ path, status }) => `${path} ${status}`)

    it('publishes what it is sure of beside the rest', () => {
      const verdict = advised(0.9, 0.06, 0.04)
      expect(verdict.decision).toBe('published')
      expect(told(verdict)).toEqual(['animals/cat published', 'calm published'])
    })

    it('calls no reviewer where it is unsure, and offers none anything', () => {
      const unsure = decideContent(
        [subject, advisory],
        { subject: logits(0.9, 0.06, 0.04), mood: logits(0.5, 0.5) },
        'text+video',
      )
      expect(unsure.decision).toBe('published')
      expect(told(unsure)).toEqual(['animals/cat published'])
    })

    it('publishes nothing by itself', () => {
      const verdict = advised(0.4, 0.2, 0.4)
      expect(verdict.decision).toBe('review')
      expect(told(verdict).filter((tag) => !tag.endsWith('candidate'))).toEqual([])
    })
  })

  it('publishes nothing where the policy is never to, however sure it seems', () => {
    const never = { ...subject, publish: { 'text+video': { kind: 'never', because: 'not calibrated' } as const } }
    const { decision, tags } = decideContent([never], { subject: Float32Array.of(900, 0, 0) }, 'text+video')
    expect(decision).toBe('review')
    expect(tags[0]).toMatchObject({ path: 'animals/cat', confidence: 1, status: 'candidate' })
  })

  it('decides by the streams that are there, each mask with a policy of its own', () => {
    const strict = { ...subject, publish: { 'text+video': from(0.8), video: from(0.99) } }
    const decided = (mask: string) => decideContent([strict], { subject: Float32Array.of(9, 0, 0) }, mask).decision
    expect([decided('text+video'), decided('video')]).toEqual(['published', 'review'])
  })

  it('takes logits as they are and publishes nothing for streams that the pack says nothing of', () => {
    const certain = { subject: Float32Array.of(900, 0, 0) }
    expect(decideContent([subject], certain, 'audio+text').decision).toBe('review')
    const [tag] = decideContent([subject], { subject: logits(0.5, 0.4, 0.1) }, 'audio').tags
    expect(tag?.confidence).toBeCloseTo(0.5, 5)
  })

  it('calibrates by the streams that are there', () => {
    const confidence = (mask: string) =>
      decideContent([subject], { subject: logits(0.9, 0.06, 0.04) }, mask).tags.find(
        ({ path }) => path === 'animals/cat',
      )?.confidence
    const [both, video, text] = [confidence('text+video'), confidence('video'), confidence('text')]
    expect(both).toBeGreaterThan(video ?? 1)
    expect(video).toBeGreaterThan(text ?? 1)
  })

  it('asks a reviewer where one facet is certified and another is not', () => {
    const sure = { subject: logits(0.9, 0.06, 0.04), mood: logits(0.5, 0.5) }
    const { decision, tags } = decideContent([subject, mood], sure, 'text+video')
    expect(decision).toBe('published-ancestor')
    expect(tags.map(({ path, status }) => `${path} ${status}`)).toEqual([
      'animals/cat published',
      'calm candidate',
      'wild candidate',
    ])
  })

  it('refuses a head that has no logits for a facet of its pack', () => {
    expect(() => decideContent([mood], {}, 'text')).toThrow('no logits for facet mood')
  })
})
