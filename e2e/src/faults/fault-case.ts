import { until } from '@reeltag/testing'
import type { Fleet } from '../fleet.js'
import { Load } from './load.js'
import type { ResultReader } from './result-reader.js'

export interface FaultCase {
  /** Also the beginning of the external ids. */
  readonly name: string
  /** Contents that are submitted while it happens. */
  readonly contents?: number
  /** Between two submissions; default: as fast as they are taken. */
  readonly paceMs?: number
  /** Makes it happen, once some are accepted; returns when it is over. */
  readonly fault: () => Promise<void>
  /** From the end of the fault until every content must be final. */
  readonly recoverySecondsMax?: number
}

export interface Outcome {
  readonly name: string
  readonly accepted: number
  readonly terminal: number
  readonly failed: number
  /** Contents that people have to decide; each has one review item. */
  readonly inReview: number
  /** Results, and review items, that nobody was told of. */
  readonly lost: number
  /** Results, and review items, that are there twice. */
  readonly doubled: number
  /** How long the fault lasted, with the restart of what it had ended. */
  readonly faultSeconds: number
  /** From the end of the fault until the last content was final and told of. */
  readonly recoverySeconds: number
}

const acceptGraceSeconds = 240
/** The fault begins in their midst: the pipeline is full, and as many are still to come. */
const acceptedFirst = 60

/** Submits contents, lets the fault happen in their midst, and counts what became of them. */
export const runFaultCase = async (fleet: Fleet, reader: ResultReader, faultCase: FaultCase): Promise<Outcome> => {
  const { name, contents = 200, paceMs = 0, fault, recoverySecondsMax = 150 } = faultCase
  const load = new Load(fleet, name, contents, paceMs)
  const acceptSecondsMax = acceptGraceSeconds + (paceMs * contents) / 1_000
  const submitting = load.submitAll(acceptSecondsMax)
  submitting.catch(() => undefined)
  await until('some are accepted', acceptSecondsMax, () =>
    Promise.resolve(load.accepted.size >= Math.min(acceptedFirst, contents / 3) ? true : undefined),
  )
  const began = performance.now()
  await fault()
  const over = performance.now()
  await submitting
  const ids = [...load.accepted.values()]
  const settled = async (): Promise<true | undefined> => {
    const rest = ids.filter((id) => reader.toldOf(id) === 0)
    const failed =
      rest.length === 0 ? 0 : await countOf(fleet, `contents WHERE state = 'failed' AND id = ANY($1::uuid[])`, rest)
    return rest.length === failed && (await countReviews(fleet, ids)).unfiled === 0 ? true : undefined
  }
  // Whatever is still missing then is counted below, and said.
  await until('every content is final', recoverySecondsMax, settled).catch(() => undefined)
  const times = { faultSeconds: seconds(over - began), recoverySeconds: seconds(performance.now() - over) }
  const outcome = { name, accepted: ids.length, ...(await countOutcomes(fleet, reader, ids)), ...times }
  print(outcome)
  return outcome
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10

const countOutcomes = async (
  fleet: Fleet,
  reader: ResultReader,
  ids: readonly string[],
): Promise<Pick<Outcome, 'terminal' | 'failed' | 'inReview' | 'lost' | 'doubled'>> => {
  const among = 'id = ANY($1::uuid[])'
  const terminal = await countOf(fleet, `contents WHERE state <> 'processing' AND ${among}`, ids)
  const failed = await countOf(fleet, `contents WHERE state = 'failed' AND ${among}`, ids)
  // A result is visible by the row and by the events: neither may be there twice for one submission.
  const again = await countOf(fleet, `contents WHERE revision > 1 AND ${among}`, ids)
  const rows = await countOf(fleet, `predictions WHERE content_id = ANY($1::uuid[])`, ids)
  const toldTwice = ids.filter((id) => reader.toldOf(id) > 1).length
  const told = ids.filter((id) => reader.toldOf(id) > 0).length
  const sameContent = ids.length - new Set(ids).size
  const { inReview, unfiled, surplus } = await countReviews(fleet, ids)
  return {
    terminal,
    failed,
    inReview,
    lost: ids.length - failed - Math.min(told, terminal - failed) + unfiled,
    doubled: again + toldTwice + sameContent + Math.max(0, rows - (terminal - failed)) + surplus,
  }
}

/** A content in review has one open item, and any other content has none: what people see of it must add up too. */
const countReviews = async (
  { db }: Fleet,
  ids: readonly string[],
): Promise<{ inReview: number; unfiled: number; surplus: number }> => {
  const [row] = await db.query<{ inReview: number; unfiled: number; surplus: number }>(
    `SELECT (count(*) FILTER (WHERE wanted = 1))::int AS "inReview",
       coalesce(sum(greatest(wanted - open, 0)), 0)::int AS unfiled,
       coalesce(sum(greatest(filed - wanted, 0)), 0)::int AS surplus
     FROM (SELECT (c.state = 'in_review')::int AS wanted, count(i.id)::int AS filed,
             (count(i.id) FILTER (WHERE i.state = 'open'))::int AS open
           FROM contents c LEFT JOIN review_items i ON i.content_id = c.id
           WHERE c.id = ANY($1::uuid[]) GROUP BY c.id) AS items`,
    [ids],
  )
  return row ?? { inReview: 0, unfiled: 0, surplus: 0 }
}

const countOf = async (fleet: Fleet, from: string, ids: readonly string[]): Promise<number> =>
  (await fleet.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${from}`, [ids]))[0]?.n ?? 0

/** Straight to the terminal: what happened in each case is what one runs this for. */
const print = ({ name, faultSeconds, recoverySeconds, ...counts }: Outcome): void => {
  const numbers = Object.entries(counts).map(([what, n]) => `${what} ${n}`)
  const times = `fault ${faultSeconds} s  recovered in ${recoverySeconds} s`
  process.stderr.write(`${[name.padEnd(24), ...numbers, times].join('  ')}\n`)
}
