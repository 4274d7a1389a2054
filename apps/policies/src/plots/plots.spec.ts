import { describe, expect, it } from '@jest/globals'
import type { Publish } from '@reeltag/contracts'
import { ThresholdsQuery } from './plots.controller.js'
import { reliabilityPlot } from './reliability-plot.js'
import { riskCoveragePlot } from './risk-coverage-plot.js'
import { thresholdsPlot } from './thresholds-plot.js'

const hostile = '<script>alert("x")</script> & \' <img onerror=y>'
const bins = [{ from: 0, to: 1, count: 60, confidence: 0.8, frequency: 0.7 }]
const quality = { ece: 0, classwiseEce: 0, nll: 0, brier: 0, macroF1: 0, topEce: 0.1, topReliability: bins }
const point = { threshold: 0.5, coverage: 1, risk: 0.2 }
const group = (under: string | null, n: number) => ({
  under,
  error: 0.05,
  at: 0.75,
  n,
  k: 1,
  bound: 0.0456,
  level: 0.1,
})
const certified = (groups: number): Publish => ({
  kind: 'certified',
  delta: 0.1,
  groups: Array.from({ length: groups }, (_, i) => group(i === 0 ? null : `n${i}`, 100 + i)),
  toReview: [{ under: 'dragons', because: 'not proven' }],
})
const thresholds = (publish: Publish, rowsMax = 16) =>
  thresholdsPlot({
    ref: 'p/1',
    facet: hostile,
    mask: 'text',
    publish,
    nameOf: (n) => `${hostile} ${n}`,
    rowsMax,
    language: 'en',
  })

/** Texts that the picture shows, with entities read back. */
const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&'),
  )

describe('plots', () => {
  it('show hostile names as text, and nothing that runs or loads', async () => {
    const plots = [
      await thresholds(certified(3)),
      await reliabilityPlot({
        ref: 'c/1',
        facet: hostile,
        mask: hostile,
        report: { rows: 60, before: quality, after: quality, classes: [] },
        language: 'en',
      }),
      await riskCoveragePlot({
        ref: 'p/1',
        facet: hostile,
        mask: 'text',
        curves: { items: 10, right: 8, before: [point], after: [point] },
        promised: [0.05],
        language: 'zh',
      }),
    ]
    for (const svg of plots) {
      const tags = [...svg.matchAll(/<[^>]*>/g)].join('\n')
      expect(tags).not.toMatch(/<script|<img|<image|<foreignObject|<a |\son\w+=|href|@import|url\((?!#)/i)
      expect(textsOf(svg).join(' ')).toContain('<script>alert("x")</script>')
      expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    }
  })

  it('put target, bound and n beside each threshold, and say how many groups are left out', async () => {
    const few = textsOf(await thresholds(certified(3)))
    expect(few.filter((text) => text.startsWith('4.6 % ≤ 5 % · 1 of n = 10'))).toHaveLength(3)
    expect(few).toContain('to review')
    const many = await thresholds(certified(200))
    expect(many).toMatch(/height="500"/)
    expect(textsOf(many).join(' ')).toContain('and 185 more groups')
    expect(await thresholds(certified(200), 201)).toMatch(/height="4172"/)
    expect(textsOf(await thresholds({ kind: 'never', because: 'x' })).join(' ')).toContain('nothing is published')
  })

  it('speak Chinese where asked to', async () => {
    const svg = await riskCoveragePlot({
      ref: 'p/1',
      facet: '主题',
      mask: 'text',
      curves: { items: 0, right: 0, before: [], after: [] },
      promised: [],
      language: 'zh',
    })
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['误差与覆盖率 · 主题 · text', 'p/1 · n = 0']))
    expect(svg).toContain('Noto Sans CJK SC')
    expect(svg).not.toContain('NaN')
  })

  it.each([{ rows: '0' }, { rows: '501' }, { lang: 'fr' }, { facet: '' }, { other: '1' }])('take no %j', (query) => {
    expect(ThresholdsQuery.safeParse(query).success).toBe(false)
  })
})
