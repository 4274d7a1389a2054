import { describe, expect, it } from '@jest/globals'
import type { CalibrationFamily } from '@reeltag/contracts'
import fc from 'fast-check'
import { applyCalibration } from './calibrate.js'
import type { CalibrationRow, MaskCalibration } from './calibration.js'
import { byHash, fitCalibration } from './fit-calibration.js'
import { fitByNode } from './fit-mask.js'
import { compileTree } from '../compiled-tree.js'
import { leaf, leaves, multi, single, type Node } from '../animals.fixture.js'
import { crossFittedReport, fitWithReport, reportOn } from '../metrics/calibration-report.js'
import { splitByHash } from '../metrics/split.js'
import { seededRandom } from '../scale/seeded-random.js'
import { sigmoid, softmax } from '../score/softmax.js'

const mask = 'text'

/** Contents whose truth is drawn from a softmax that is less sure than the head says. */
const made = (size: number, { overconfidence = 2, bias = [0, 0, 0, 0, 0] } = {}): CalibrationRow[] => {
  const random = seededRandom(size)
  return Array.from({ length: size }, (_, i) => {
    const honest = leaves.map((_leaf, c) => 3 * random() - 1.5 + bias[c]!)
    const p = softmax(honest)
    let [c, u] = [0, random()]
    while (c < 4 && u >= p[c]!) u -= p[c++]!
    return { contentHash: `content ${i}`, mask, logits: honest.map((z) => z * overconfidence), nodes: [leaves[c]!] }
  })
}
const fitted = (rows: readonly CalibrationRow[]): MaskCalibration => fitCalibration(single, rows, [mask]).masks[mask]!
const kinds = ({ nodes }: MaskCalibration) =>
  Object.fromEntries(Object.entries(nodes).map(([id, { calibrator }]) => [id, calibrator.kind]))

describe('fitCalibration', () => {
  const byNode = (rows: readonly CalibrationRow[]): MaskCalibration => fitByNode(single, byHash(rows), 'chosen')

  it('gives each leaf what its truth can carry, and says how much there was', () => {
    const { nodes, rows } = byNode(made(4_000, { bias: [1.5, -1, -4.5, -4.5, 0.5] }))
    expect(rows).toBe(4_000)
    expect(nodes['cat']!.positives).toBeGreaterThan(1_000)
    expect(nodes['cat']!.calibrator.kind).toBe('isotonic')
    expect(nodes['dog']!.positives).toBeGreaterThan(50)
    expect(['platt', 'beta']).toContain(nodes['dog']!.calibrator.kind)
    for (const { positives, negatives } of Object.values(nodes)) expect(positives + negatives).toBe(4_000)
    expect(nodes['bear']).toMatchObject({ calibrator: { kind: 'temperature' }, pooledUnder: null })
  })

  it('pools rare siblings under their parent where together they are enough', () => {
    const { nodes } = byNode(made(300, { bias: [1, 1, 2, -0.6, -0.6] }))
    expect(Math.max(nodes['apple']!.positives, nodes['pear']!.positives)).toBeLessThan(50)
    expect(nodes['apple']!.positives + nodes['pear']!.positives).toBeLessThan(50)
    const more = byNode(made(600, { bias: [1, 1, 2, -0.6, -0.6] })).nodes
    const pair = [more['apple']!, more['pear']!]
    for (const { positives } of pair) expect(positives).toBeLessThan(50)
    expect(pair[0]!.pooledUnder).toBe('fruit')
    expect(pair[0]!.calibrator).toEqual({ ...pair[1]!.calibrator, kind: 'platt' })
  })

  it('shares a temperature where no leaf has enough', () => {
    const { temperature, nodes } = fitted(made(60))
    expect(temperature.t).toBeGreaterThan(1)
    expect(new Set(Object.values(kinds({ rows: 0, temperature, nodes })))).toContain('temperature')
  })

  it('fits each mask by itself, whatever the order of the rows', () => {
    const text = made(400)
    const video = made(500, { overconfidence: 4 }).map((row) => ({ ...row, mask: 'video' }))
    const { masks } = fitCalibration(single, [...video, ...text], ['text', 'video'])
    expect(masks).toEqual(fitCalibration(single, [...text, ...video].reverse(), ['video', 'text']).masks)
    expect(masks['video']!.temperature.t / masks['text']!.temperature.t).toBeGreaterThan(1.5)
  })

  it('takes a label above the leaves for what it says, and no more', () => {
    const coarse = made(400).map((row) => (row.nodes[0] === 'cat' ? { ...row, nodes: ['pets'] } : row))
    const { nodes } = fitted(coarse)
    expect(nodes['cat']!.positives).toBe(0)
    const pets = coarse.filter((row) => row.nodes[0] === 'pets').length
    expect(nodes['cat']!.negatives).toBe(400 - pets)
    expect(nodes['bear']!.positives + nodes['bear']!.negatives).toBe(400)
  })

  it('maps all nodes of a multi tree', () => {
    const random = seededRandom(3)
    const rows = made(400).map((row) => {
      const nodes = leaves.filter((_, c) => random() < sigmoid(row.logits[c]! / 3))
      return { ...row, nodes }
    })
    const { masks } = fitCalibration(multi, rows, [mask])
    expect(Object.keys(masks[mask]!.nodes)).toEqual([...multi.ids])
    expect(masks[mask]!.temperature.t).toBeGreaterThan(2)
  })
})

describe('a family that is asked for', () => {
  const biased = { bias: [1.5, -1, -4.5, -4.5, 0.5] }
  const by = (family: CalibrationFamily, rows = made(4_000, biased)): MaskCalibration =>
    fitCalibration(single, rows, [mask], { family }).masks[mask]!

  it.each(['platt', 'beta', 'isotonic'] as const)(
    'is %s where a class has enough, and the temperature elsewhere',
    (family) => {
      const found = kinds(by(family))
      expect([found['cat'], found['dog'], found['bear']]).toEqual([family, family, 'temperature'])
    },
  )

  it('is one temperature for all', () => {
    const { nodes, temperature } = by('temperature')
    for (const { calibrator } of Object.values(nodes)) expect(calibrator).toEqual(temperature)
  })

  it('scales each logit by itself', () => {
    const { vector, temperature, nodes } = by('vector')
    expect([vector?.w.length, vector?.b.length, temperature.t]).toEqual([5, 5, 1])
    expect(nodes['cat']!.positives).toBeGreaterThan(1_000)
    // The truth is drawn from half of each logit.
    for (const w of vector!.w.slice(0, 2)) expect(w).toBeCloseTo(0.5, 0)
    const p = applyCalibration(single, [2, 0, 0, 0, 0], by('vector'))
    const expected = softmax(Float64Array.of(2, 0, 0, 0, 0).map((z, i) => vector!.w[i]! * z + vector!.b[i]!))
    expect(p[single.ids.indexOf('cat')]).toBeCloseTo(expected[0]!, 12)
  })

  it('is chosen by data: vector scaling where logits are shifted by class, and never in a multi tree', () => {
    // A head that speaks too loudly of one class, which no temperature mends, and maps by node mend only in part.
    const shifted = made(900).map((row) => ({
      ...row,
      logits: Array.from(row.logits).map((z, c) => z * (c === 0 ? 4 : 1) + c),
    }))
    expect(by('auto', shifted).vector).toBeDefined()
    expect(fitCalibration(multi, shifted, [mask]).masks[mask]!.vector).toBeUndefined()
  })

  it('is refused where it does not fit the facet', () => {
    const fault = expect.objectContaining({ reason: 'family-unfit', has: 5, needs: 64 })
    expect(() => fitCalibration(multi, made(100), [mask], { family: 'vector' })).toThrow(
      expect.objectContaining({ code: 'CALIBRATION_REFUSED', extensions: { faults: [fault] } }),
    )
  })
})

describe('a report across parts', () => {
  it('measures every content by a fit that did not see it', () => {
    const rows = made(1_500, { overconfidence: 3 })
    const report = crossFittedReport(single, rows, fitCalibration(single, rows, [mask]))[mask]!
    expect(report.rows).toBe(1_500)
    expect(report.after.topEce).toBeLessThan(report.before.topEce)
    expect(report.after.brier).toBeLessThan(report.before.brier)
    expect(report.after.nll).toBeLessThan(report.before.nll)
    expect(report.classes.map(({ node }) => node).sort()).toEqual([...leaves].sort())
  })

  it('flatters nothing: labels that mean nothing are predicted no better than by chance', () => {
    const random = seededRandom(5)
    const noise = made(400).map((row) => ({ ...row, nodes: [leaves[Math.floor(random() * 5)]!] }))
    const isotonic = fitCalibration(single, noise, [mask], { family: 'isotonic' })
    const seen = reportOn(single, isotonic, noise)[mask]!.after
    const unseen = crossFittedReport(single, noise, isotonic, { family: 'isotonic' })[mask]!.after
    expect(unseen.nll).toBeGreaterThan(seen.nll)
  })

  it('keeps equal contents in one part', () => {
    const rows = made(200)
    const twice = rows.flatMap((row) => [row, row])
    expect(crossFittedReport(single, twice, fitCalibration(single, twice, [mask]))[mask]!.rows).toBe(400)
  })
})

describe('what is calibrated', () => {
  const maps = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 20, maxLength: 20 })
  const logits = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 5, maxLength: 5 })

  it('is coherent, and conserves its mass in a single tree, for any maps', () => {
    fc.assert(
      fc.property(maps, logits, fc.constantFrom(single, multi), (values, z, tree) => {
        const mapped = tree.kind === 'single' ? tree.logitIds : tree.ids
        const nodes = Object.fromEntries(
          mapped.map((id, i) => [
            id,
            {
              calibrator: { kind: 'platt', a: values[i]!, b: values[i + 10]! } as const,
              positives: 60,
              negatives: 60,
              pooledUnder: null,
            },
          ]),
        )
        const p = applyCalibration(tree, z, { rows: 120, temperature: { kind: 'temperature', t: 1 }, nodes })
        p.forEach((value, node) => expect(value).toBeLessThanOrEqual(p[tree.parents[node]!] ?? 1))
        if (tree.kind === 'single') expect([...tree.leaves].reduce((sum, node) => sum + p[node]!, 0)).toBeCloseTo(1, 9)
      }),
    )
  })

  it('stays as it was where every map says 0', () => {
    const zero = {
      calibrator: { kind: 'isotonic', x: [0], y: [0] } as const,
      positives: 0,
      negatives: 0,
      pooledUnder: null,
    }
    const nodes = Object.fromEntries(leaves.map((id) => [id, zero]))
    const p = applyCalibration(single, [1, 0, 0, 0, 0], { rows: 0, temperature: { kind: 'temperature', t: 1 }, nodes })
    expect(p[single.ids.indexOf('cat')]).toBeCloseTo(Math.E / (Math.E + 4), 12)
  })

  it('agrees better with truth that it was not fitted on', () => {
    const { fit, heldOut } = splitByHash(made(6_000, { overconfidence: 3, bias: [1, 0, -2, -2, 0] }), 0.3)
    const { before, after, rows } = fitWithReport(single, { fit, heldOut }, [mask]).report[mask]!
    expect(rows).toBe(heldOut.length)
    expect(after.classwiseEce).toBeLessThan(before.classwiseEce / 2)
    expect(after.topEce).toBeLessThan(before.topEce / 2)
    expect(after.nll).toBeLessThan(before.nll)
    for (const { count } of after.topReliability) expect(count).toBeGreaterThanOrEqual(50)
  })
})

describe('a calibration is refused', () => {
  const rows = made(200)
  const faultsOf = (fit: () => unknown) => {
    try {
      fit()
    } catch (error) {
      return error
    }
    return undefined
  }
  const refused = (reason: string, numbers: object) =>
    expect.objectContaining({
      code: 'CALIBRATION_REFUSED',
      extensions: { faults: [expect.objectContaining({ reason, ...numbers })] },
    })

  it('where it is too small, with the number that would do', () => {
    const error = faultsOf(() => fitted(rows.slice(0, 12)))
    expect(error).toEqual(refused('too-small', { has: 12, needs: 50, mask }))
    expect(error).toHaveProperty('message', 'text has 12 contents with a label and needs 50')
  })

  it('where all labels are the same', () => {
    const cats = rows.map((row) => ({ ...row, nodes: ['cat'] }))
    expect(faultsOf(() => fitted(cats))).toEqual(refused('one-class', { has: 1, needs: 2 }))
  })

  it('where the model was trained on its contents', () => {
    const trainedOn = new Set(['content 3', 'content 9', 'another'])
    const error = faultsOf(() => fitCalibration(single, rows, [mask], { trainedOn }))
    expect(error).toEqual(refused('leaked', { has: 2, needs: 0 }))
    expect(String(error)).toContain('leave out content 3, content 9')
  })

  it('where labels are outside the tree, as those of another version', () => {
    const other = rows.map((row, i) => (i === 0 ? { ...row, nodes: ['unicorn'] } : row))
    expect(faultsOf(() => fitted(other))).toEqual(refused('outside-tree', { has: 1 }))
  })

  it('where a content of a single facet has two labels', () => {
    const two = rows.map((row, i) => (i === 0 ? { ...row, nodes: ['cat', 'apple'] } : row))
    expect(faultsOf(() => fitted(two))).toEqual(refused('not-one-path', { has: 1 }))
  })

  it('with every reason at once', () => {
    const bad = [{ ...rows[0]!, nodes: ['unicorn'] }]
    const error = faultsOf(() => fitCalibration(single, bad, [mask, 'video'], { trainedOn: new Set(['content 0']) }))
    const { faults } = (error as { extensions: { faults: { reason: string; mask: string | null }[] } }).extensions
    expect(faults.map(({ reason }) => reason)).toEqual([
      'outside-tree',
      'leaked',
      'too-small',
      'one-class',
      'too-small',
    ])
  })
})

describe('a tree with an id of every object', () => {
  it('finds no calibrator for it', () => {
    const tree = compileTree<Node>({ kind: 'single', roots: [leaf('constructor'), leaf('b')] }, ['constructor', 'b'])
    const p = applyCalibration(tree, [0, 0], { rows: 0, temperature: { kind: 'temperature', t: 1 }, nodes: {} })
    expect([...p]).toEqual([0.5, 0.5])
  })
})
