import { ReeltagError } from '@reeltag/contracts'
import type { FacetMigration } from './migration.js'

type Share = readonly [leaf: number, weight: number]

export interface MigratedScores {
  /** Ids of the new leaves, in the order of `values`. */
  readonly leaves: readonly string[]
  readonly values: Float64Array
  /** Old leaves that no new one takes, with the probability that they had. Empty for logits. */
  readonly unmapped: readonly { readonly node: string; readonly mass: number; readonly because: string }[]
  /** New leaves that no old one reaches. Their probability is 0 and their logit −∞, which is not a judgement on them. */
  readonly unreached: readonly string[]
}

/**
 * Carries scores of the old leaves to the new ones, where that can be done without a guess.
 *
 * In a `single` facet leaves exclude one another: a merge sums probabilities, a split divides them by its weights. In a
 * `multi` facet they do not: a merge takes the larger, and a split is refused, as weights do not say how likely a part
 * is by itself.
 */
export class ScoreMigration {
  /** Why scores cannot be carried over; empty where they can. */
  readonly refused: readonly string[]
  private readonly leaves: readonly string[]
  private readonly shares: readonly (readonly Share[])[]
  private readonly retired: readonly (string | undefined)[]

  constructor(private readonly facet: FacetMigration) {
    const { from, to } = facet
    this.leaves = to?.leaves.map(({ id }) => id) ?? []
    const index = new Map(this.leaves.map((id, position) => [id, position]))
    const ways = from.leaves.map(({ id }) => wayOf(facet, id, index))
    const kinds = to === undefined || to.kind === from.kind ? [] : [`the facet was ${from.kind} and is ${to.kind}`]
    this.refused = [...kinds, ...ways.flatMap(({ refused }) => refused ?? [])]
    this.shares = ways.map(({ shares }) => shares ?? [])
    this.retired = ways.map(({ unmapped }) => unmapped)
  }

  /**
   * @param values probabilities of the old leaves, in the order of the file. In a `single` facet what comes in is the
   *   sum of `values` and of the masses of `unmapped`, to the rounding of a sum.
   * @throws MIGRATION_INVALID with what `refused` says, or for a wrong number of values
   */
  probabilities(values: ArrayLike<number>): MigratedScores {
    this.assertCan(values)
    const result = new Float64Array(this.leaves.length)
    const isSingle = this.facet.from.kind === 'single'
    for (const [position, shares] of this.shares.entries())
      for (const [leaf, weight] of shares) {
        const value = (values[position] ?? 0) * weight
        result[leaf] = isSingle ? (result[leaf] ?? 0) + value : Math.max(result[leaf] ?? 0, value)
      }
    const unmapped = this.facet.from.leaves.flatMap(({ id }, position) => {
      const because = this.retired[position]
      return because === undefined ? [] : [{ node: id, mass: values[position] ?? 0, because }]
    })
    return { leaves: this.leaves, values: result, unmapped, unreached: this.unreached }
  }

  /**
   * Logits whose softmax, at this temperature, is what `probabilities` makes of the old softmax: a merge is
   * T·log Σ exp(z/T), a part with the weight w is z + T·log w. In a `multi` facet a merge takes the larger.
   * @param temperature of the facet's calibration; 1 where there is none
   * @throws MIGRATION_INVALID also where a leaf is retired to nothing: without its logit the others would grow
   */
  logits(values: ArrayLike<number>, temperature = 1): MigratedScores {
    this.assertCan(values)
    const gone = this.retired.findIndex((because) => because !== undefined)
    if (gone >= 0 && this.facet.from.kind === 'single')
      throw refusal(this.facet, [`${this.facet.from.leaves[gone]?.id} is unmapped, and a softmax needs its logit`])
    const parts = this.leaves.map((): number[] => [])
    for (const [position, shares] of this.shares.entries())
      for (const [leaf, weight] of shares) parts[leaf]?.push((values[position] ?? 0) + temperature * Math.log(weight))
    const join = (terms: readonly number[]): number =>
      this.facet.from.kind === 'single' ? logSumExp(terms, temperature) : Math.max(...terms)
    return { leaves: this.leaves, values: Float64Array.from(parts, join), unmapped: [], unreached: this.unreached }
  }

  private get unreached(): string[] {
    const reached = new Set(this.shares.flatMap((shares) => shares.map(([leaf]) => leaf)))
    return this.leaves.filter((_, leaf) => !reached.has(leaf))
  }

  private assertCan(values: ArrayLike<number>): void {
    if (this.refused.length > 0) throw refusal(this.facet, this.refused)
    const count = this.facet.from.leaves.length
    if (values.length !== count) throw refusal(this.facet, [`${values.length} scores for ${count} leaves`])
  }
}

interface Way {
  readonly shares?: readonly Share[]
  readonly unmapped?: string
  readonly refused?: string
}

const wayOf = (facet: FacetMigration, id: string, index: ReadonlyMap<string, number>): Way => {
  const fate = facet.fate(id)
  if (fate.kind === 'retired' && fate.to === undefined) return { unmapped: fate.because }
  if (fate.kind === 'split' && facet.from.kind === 'multi')
    return { refused: `${id} is split, and its parts do not exclude one another` }
  const parts = fate.kind === 'split' ? fate.weights : [[fate.to ?? '', 1] as const]
  const shares = parts.flatMap(([leaf, weight]): Share[] => {
    const position = index.get(leaf)
    return position === undefined ? [] : [[position, weight]]
  })
  if (shares.length === parts.length) return { shares }
  const inner = parts.filter(([leaf]) => !index.has(leaf)).map(([leaf]) => leaf)
  return { refused: `${id} goes to ${inner.join(', ')}, which has nodes below it: split ${id} by weights` }
}

const refusal = ({ from }: FacetMigration, reasons: readonly string[]): ReeltagError =>
  new ReeltagError('MIGRATION_INVALID', `scores of facet ${from.id} cannot be carried over: ${reasons.join('; ')}`)

/** T·log Σ exp(z/T), without overflow. */
const logSumExp = (terms: readonly number[], temperature: number): number => {
  const top = Math.max(...terms)
  if (!Number.isFinite(top)) return top
  const sum = terms.reduce((total, term) => total + Math.exp((term - top) / temperature), 0)
  return top + temperature * Math.log(sum)
}
