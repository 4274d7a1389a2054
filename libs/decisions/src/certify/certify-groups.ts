import { acceptedNeeded, assertTarget, type Target } from '../bounds/accepted-needed.js'
import { groupBy } from '../group-by.js'
import type { LabelTree, Nested } from '../label-tree.js'
import { poolUnderParents, type Pool } from '../pool-under-parents.js'
import { certify, type AuditedRow } from './certify.js'
import type { SequenceOptions } from './fixed-sequence.js'
import type { Outcome } from './outcome.js'

/** A row whose group is the node that was predicted. */
export interface GroupedRow extends AuditedRow {
  readonly group: string
}

/**
 * What the promise says where several groups are certified.
 * - `each`: every group alone keeps alpha with probability 1 - delta; of many groups some will not.
 * - `bonferroni`: all groups together keep it with probability 1 - delta; each is allowed delta / groups.
 * - `holm`: the same promise, with more power. A group that passes at its loosest threshold hands its share on to the
 *   groups that are left (graphical approach, Bretz et al. 2009).
 */
export type Multiplicity = 'each' | 'bonferroni' | 'holm'

export interface GroupOptions extends SequenceOptions {
  readonly multiplicity: Multiplicity
  /** Errors that a group has to survive before it stands alone, default 0: with more, fewer and larger groups. */
  readonly errorsAllowed?: number
}

export interface CertifiedGroup extends Pool {
  readonly outcome: Outcome
}

export interface CertifiedGroups extends Target {
  readonly multiplicity: Multiplicity
  readonly groups: readonly CertifiedGroup[]
}

/**
 * A threshold for each class that has enough rows, and one for each branch under which the small classes are pooled.
 * Each content gives one row: for thresholds of inner nodes too, call it once for each level of the tree.
 * A pool's promise is about what the pool publishes together, not about each of its classes.
 * @throws DECISION_INPUT_INVALID where a group is not in the tree, or a number is out of range
 */
export const certifyGroups = <N extends Nested<N>>(
  tree: LabelTree<N>,
  rows: readonly GroupedRow[],
  target: Target,
  options: GroupOptions,
): CertifiedGroups => {
  assertTarget(target)
  const byClass = groupBy(rows, ({ group }) => group)
  const counts = new Map([...byClass].map(([id, own]) => [id, own.length]))
  const pools = poolUnderParents(tree, counts, rowsMin(target, counts.size, options))
  const rowsOf = ({ members }: Pool): GroupedRow[] => members.flatMap((id) => byClass.get(id) ?? [])
  const tested = pools.filter(({ sufficient }) => sufficient).map((pool) => ({ pool, rows: rowsOf(pool) }))
  const outcomes = judge(tested, target, options)
  const level = options.multiplicity === 'each' ? target.delta : target.delta / Math.max(1, tested.length)
  const groups = pools.map((pool) => ({
    ...pool,
    outcome: outcomes.get(pool) ?? certify(rowsOf(pool), { ...target, delta: level }, options),
  }))
  return { ...target, multiplicity: options.multiplicity, groups: groups.map((group) => promised(group, target)) }
}

// Inside, delta is what one group is allowed; outside it is the promise, and `level` tells the group's share.
const promised = (group: CertifiedGroup, target: Target): CertifiedGroup => ({
  ...group,
  outcome: { ...group.outcome, ...target },
})

const rowsMin = ({ alpha, delta }: Target, classes: number, options: GroupOptions): number => {
  // The number of pools is not known yet. It is at most the number of classes, so the level assumed here is the strictest.
  const groups = options.multiplicity === 'each' ? 1 : Math.max(1, classes)
  return acceptedNeeded({ alpha, delta: delta / groups, errors: options.errorsAllowed ?? 0 })
}

type Tested = { readonly pool: Pool; readonly rows: readonly GroupedRow[] }

const judge = (tested: readonly Tested[], target: Target, options: GroupOptions): Map<Pool, Outcome> => {
  const outcomes = new Map<Pool, Outcome>()
  const run = (groups: readonly Tested[], level: number): Tested[] => {
    for (const { pool, rows } of groups) outcomes.set(pool, certify(rows, { ...target, delta: level }, options))
    return groups.filter(({ pool, rows }) => !isComplete(outcomes.get(pool), rows))
  }
  if (options.multiplicity === 'each') run(tested, target.delta)
  else if (options.multiplicity === 'bonferroni') run(tested, target.delta / tested.length)
  else {
    let open = tested
    for (let left = run(open, target.delta / open.length); left.length > 0 && left.length < open.length;) {
      open = left
      left = run(open, target.delta / open.length)
    }
  }
  return outcomes
}

/** Whether every threshold passed, so that nothing is left to spend the group's share on. */
const isComplete = (outcome: Outcome | undefined, rows: readonly GroupedRow[]): boolean =>
  outcome?.kind === 'certified' && outcome.n === rows.length
