import { describe, expect, it } from '@jest/globals'
import type { Publish } from '@reeltag/contracts'
import { Taxonomy } from '@reeltag/taxonomy'
import { applyPolicy } from '../apply-policy.js'
import { decideContent, type FacetToDecide } from '../decide-content.js'
import { indexDrawer, normal, seeded } from '../simulation.fixture.js'
import { fitPolicy } from './fit-policy.js'
import type { LabelledContent } from './labelled-content.js'

const branches = Array.from({ length: 6 }, (_branch, b) => ({
  id: `b${b}`,
  leaves: Array.from({ length: 4 }, (_leaf, l) => `b${b}l${l}`),
}))
const name = (id: string): string => `names: {zh: ${id}, en: ${id}}`
const taxonomy = Taxonomy.parse(
  [
    'format: 1\nname: t\nversion: 1\nfacets:\n- id: subject\n  kind: single\n  names: {zh: a, en: a}\n  nodes:',
    ...branches.map(({ id, leaves }) =>
      [
        `  - id: ${id}\n    ${name(id)}\n    children:`,
        ...leaves.map((leaf) => `    - {id: ${leaf}, ${name(leaf)}}`),
      ].join('\n'),
    ),
  ].join('\n'),
  't.yaml',
)
const leaves = branches.flatMap((branch) => branch.leaves)
const facets: FacetToDecide[] = [
  {
    facet: taxonomy.facet('subject'),
    leaves,
    temperature: { video: 1 },
    publish: { video: { kind: 'never', because: 'not fitted' } },
    role: 'deciding',
  },
]
// Long-tailed classes, and a head that confuses siblings more than branches.
const draw = indexDrawer(leaves.map((_, leaf) => 1 / (leaf + 1)))
const content = (random: () => number): LabelledContent => {
  const truth = draw(random)
  const hard = random() < 0.35
  const branch = Math.floor(truth / 4)
  const logits = leaves.map((_, leaf) => {
    const near = leaf === truth ? 4 : Math.floor(leaf / 4) === branch ? 2 : 0
    return near * (hard ? 0.4 : 1) + normal(random)
  })
  const hex = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  return {
    contentHash: hex() + hex(),
    mask: 'video',
    logits: { subject: logits },
    truth: { subject: [leaves[truth] ?? ''] },
  }
}
const sample = (random: () => number, n: number): LabelledContent[] => Array.from({ length: n }, () => content(random))

/** Of new contents the share that is published, and of those the share that is wrong. */
const measured = (under: readonly FacetToDecide[], contents: readonly LabelledContent[], branch?: string) => {
  let [published, wrong, all] = [0, 0, 0]
  for (const { logits, truth } of contents) {
    const { tags } = decideContent(under, logits, 'video')
    const likeliest = tags[0]?.path ?? ''
    if (branch !== undefined && !likeliest.startsWith(branch)) continue
    all++
    const tag = tags.find(({ status }) => status === 'published')
    if (tag === undefined) continue
    published++
    const [leaf = ''] = truth['subject'] ?? []
    wrong += Number(!`b${leaf.slice(1, 2)}/${leaf}`.startsWith(tag.path))
  }
  return { coverage: published / Math.max(1, all), error: wrong / Math.max(1, published), published }
}
const documentOf = (
  fitted: ReturnType<typeof fitPolicy>,
  targets: { facet: string; error: number; under?: string }[],
) => ({
  format: 1 as const,
  pack: 'p/1.0.0',
  targets,
  delta: 0.1,
  facets: fitted.facets,
  evidence: { labelled: 0, ...fitted.evidence, leftOut: {} },
})

const fitOrNothing = (contents: readonly LabelledContent[], targets: { facet: string; error: number }[]) => {
  try {
    return fitPolicy(facets, contents, { targets, delta: 0.1 })
  } catch (error) {
    if ((error as { code?: string }).code === 'TARGET_UNPROVEN') return undefined
    throw error
  }
}

describe('fitPolicy', () => {
  it('breaks its promise in at most a share delta of draws, at whatever depth it publishes', () => {
    const targets = [{ facet: 'subject', error: 0.05 }]
    const fresh = sample(seeded(99), 1_000)
    const draws = 40
    let [broken, coverage] = [0, 0]
    for (let seed = 1; seed <= draws; seed++) {
      const fitted = fitOrNothing(sample(seeded(seed), 800), targets)
      // Where nothing can be proven nothing is published, and no promise is broken.
      if (fitted === undefined) continue
      const now = measured(applyPolicy(facets, documentOf(fitted, targets)), fresh)
      // The error of the fresh sample itself is known to two standard errors only.
      const slack = 2 * Math.sqrt((0.05 * 0.95) / Math.max(1, now.published))
      broken += Number(now.error > 0.05 + slack)
      coverage += now.coverage / draws
    }
    // At delta 0.1, more than 8 of 40 would happen once in seventy times.
    expect(broken).toBeLessThanOrEqual(8)
    expect(coverage).toBeGreaterThan(0.2)
  })

  it('keeps a stricter promise for one branch, and says which group failed', () => {
    const targets = [
      { facet: 'subject', error: 0.1 },
      { facet: 'subject', under: 'b0', error: 0.02 },
      { facet: 'subject', under: 'b5', error: 0.001 },
    ]
    const fitted = fitPolicy(facets, sample(seeded(5), 3_000), { targets, delta: 0.1 })
    const [report] = fitted.report
    expect(report?.groups.map(({ under, outcome }) => [under, outcome.kind])).toEqual([
      [null, 'certified'],
      ['b0', 'certified'],
      ['b5', 'refused'],
    ])
    const publish: Publish | undefined = fitted.facets['subject']?.publish['video']
    expect(publish).toMatchObject({
      kind: 'certified',
      groups: [{ under: null }, { under: 'b0' }],
      toReview: [{ under: 'b5' }],
    })
    const under = applyPolicy(facets, documentOf(fitted, targets))
    const fresh = sample(seeded(77), 3_000)
    expect(measured(under, fresh, 'b0').error).toBeLessThan(0.03)
    // The promise of the whole facet was proven without the branch that has one of its own.
    expect(measured(under, fresh, 'b5').published).toBe(0)
    // Three shares of delta: each promise is tested at a third.
    for (const { outcome } of report?.groups ?? []) expect(outcome.level).toBeLessThanOrEqual(0.1 / 3 + 1e-12)
  })

  it('never uses a content for both halves, whatever the order of the contents', () => {
    const contents = sample(seeded(3), 1_000)
    const targets = [{ facet: 'subject', error: 0.1 }]
    const fitted = fitPolicy(facets, contents, { targets, delta: 0.1 })
    expect(fitted.evidence.calibrated + fitted.evidence.certified).toBe(1_000)
    expect(fitPolicy(facets, contents.toReversed(), { targets, delta: 0.1 })).toEqual(fitted)
  })

  it('proves by contents that the calibration has not seen, and by all of them', () => {
    // A head that is never wrong: every content of the proof is above the threshold.
    const contents = sample(seeded(6), 1_000).map((one) => ({
      ...one,
      logits: { subject: leaves.map((leaf) => (leaf === one.truth['subject']?.[0] ? 20 : 0)) },
    }))
    const fitted = fitPolicy(facets, contents, { targets: [{ facet: 'subject', error: 0.1 }], delta: 0.1 })
    expect(fitted.report[0]?.groups[0]?.outcome).toMatchObject({ n: fitted.evidence.certified, k: 0 })
    expect(fitted.evidence.calibrated).toBeGreaterThan(200)
  })

  it('shares delta among all facets and streams: they are promised together', () => {
    const both = facets.map((facet) => ({ ...facet, temperature: { video: 1, text: 1 } }))
    const contents = sample(seeded(7), 2_000).map((one, index) => ({
      ...one,
      mask: index % 2 === 0 ? 'video' : 'text',
    }))
    const fitted = fitPolicy(both, contents, { targets: [{ facet: 'subject', error: 0.2 }], delta: 0.1 })
    expect(fitted.report.map(({ mask, groups }) => [mask, groups.map(({ outcome }) => outcome.level)])).toEqual([
      ['text', [expect.closeTo(0.05, 12)]],
      ['video', [expect.closeTo(0.05, 12)]],
    ])
  })

  it('proves nothing of leaves by labels of inner nodes', () => {
    const contents = sample(seeded(4), 1_000).map((one) => ({
      ...one,
      truth: { subject: [`b${one.truth['subject']?.[0]?.[1] ?? ''}`] },
    }))
    const fit = () => fitPolicy(facets, contents, { targets: [{ facet: 'subject', error: 0.1 }], delta: 0.1 })
    expect(fit).toThrow(expect.objectContaining({ code: 'TARGET_UNPROVEN' }))
  })

  it('says that nothing is proven for streams that nobody labelled', () => {
    const known = facets.map((facet) => ({
      ...facet,
      publish: { ...facet.publish, text: { kind: 'threshold', at: 0.9 } as const },
    }))
    const fitted = fitPolicy(known, sample(seeded(5), 1_000), {
      targets: [{ facet: 'subject', error: 0.1 }],
      delta: 0.1,
    })
    expect(fitted.facets['subject']?.publish).toMatchObject({
      video: { kind: 'certified' },
      text: { kind: 'never', because: 'no content with these streams has a label' },
    })
  })

  it.each([
    [[{ facet: 'subject', error: 1e-300 }], 200, 'DECISION_INPUT_INVALID', /cannot be proven/],
    [
      [{ facet: 'subject', error: 0.05 }],
      20,
      'TARGET_UNPROVEN',
      /subject of video: needs \d+ audited items with no error; you have \d+/,
    ],
    [[{ facet: 'mood', error: 0.05 }], 20, 'DECISION_INPUT_INVALID', /no facet mood/],
    [[{ facet: 'subject', under: 'x', error: 0.05 }], 20, 'DECISION_INPUT_INVALID', /no node x/],
    [
      [
        { facet: 'subject', error: 0.05 },
        { facet: 'subject', error: 0.1 },
      ],
      20,
      'DECISION_INPUT_INVALID',
      /two targets/,
    ],
    [[{ facet: 'subject', error: 0.05 }], 0, 'TARGET_UNPROVEN', /no content has a label/],
  ])('refuses %j on %d contents', (targets, n, code, told) => {
    const fit = () => fitPolicy(facets, sample(seeded(1), n), { targets, delta: 0.1 })
    expect(fit).toThrow(told)
    expect(fit).toThrow(expect.objectContaining({ code }))
  })
})
