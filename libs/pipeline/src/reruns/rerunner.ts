import type { Pipeline } from '@reeltag/contracts'
import type { Database, Logger, Transaction } from '@reeltag/platform'
import { restartContents } from '../stages/restart-contents.js'
import { selectContents, type RunningRerun, type Selected } from './select-contents.js'

/** Contents of one transaction. */
const batchMax = 200
/** While this many background stages wait, no more are made: contents keep their state until their turn is near. */
const waitingMax = 1_000
const batchesPerTurn = 10

/**
 * Carries reruns out, batch by batch. A batch and the place where the next begins are one transaction: killed in the
 * middle, it goes on where it was, and no content is restarted twice.
 */
export class Rerunner {
  constructor(
    private readonly db: Database,
    private readonly pipeline: Pipeline,
    private readonly logger: Logger,
  ) {}

  async work(): Promise<void> {
    const running = await this.db.query<{ id: string }>(
      `SELECT id FROM reruns WHERE state = 'running' ORDER BY created_at LIMIT 100`,
    )
    // In turns: a rerun of a million contents does not keep another workspace's hundred waiting.
    for (let turn = 0; turn < batchesPerTurn && running.length > 0; turn++) {
      for (const { id } of [...running]) {
        if (await this.isFull()) return
        const goesOn = await this.db.transaction((tx) => this.batch(tx, id), { durable: false })
        if (!goesOn)
          running.splice(
            running.findIndex((it) => it.id === id),
            1,
          )
      }
    }
  }

  private async isFull(): Promise<boolean> {
    const [row] = await this.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM (
         SELECT 1 FROM stages WHERE state IN ('ready', 'queued') AND priority > 0 LIMIT ${waitingMax}) waiting`,
    )
    return (row?.n ?? 0) >= waitingMax
  }

  /** @returns whether there is more to do at once */
  private async batch(tx: Transaction, id: string): Promise<boolean> {
    const [rerun] = await tx.query<RunningRerun>(
      `SELECT r.*, w.pack <> r.pack AS superseded FROM reruns r JOIN workspaces w ON w.id = r.workspace_id
       WHERE r.id = $1 AND r.state = 'running' FOR UPDATE OF r`,
      [id],
    )
    if (rerun === undefined) return false
    if (rerun.superseded) {
      await this.finish(tx, rerun, 'superseded')
      return false
    }
    const next = await this.next(tx, rerun, 'cursor')
    if (next.length > 0) return this.take(tx, rerun, next, { postponed: rerun.postponed, examined: next.length })
    if (rerun.postponed.length === 0) {
      await this.finish(tx, rerun, 'done')
      return false
    }
    const late = await this.next(tx, rerun, 'postponed')
    const left = rerun.postponed.slice(batchMax)
    const busy = late.filter(isBusyOtherwise(rerun.pack)).length
    await this.take(tx, rerun, late, { postponed: left, examined: 0 })
    return busy < late.length || late.length === 0
  }

  private next(tx: Transaction, rerun: RunningRerun, from: 'cursor' | 'postponed'): Promise<Selected[]> {
    const { sql, params } = selectContents(rerun, from, batchMax)
    return tx.query<Selected>(sql, params)
  }

  private async take(
    tx: Transaction,
    rerun: RunningRerun,
    contents: readonly Selected[],
    progress: { readonly postponed: readonly string[]; readonly examined: number },
  ): Promise<boolean> {
    const wanted = contents.filter((content) => content.wanted)
    const free = await tx.query<{ id: string }>(
      `SELECT id FROM contents WHERE id = ANY($1::uuid[]) AND state <> 'processing' ORDER BY id FOR UPDATE`,
      [wanted.filter(({ state }) => state !== 'processing').map(({ id }) => id)],
    )
    const ids = free.map(({ id }) => id)
    await restartContents(tx, this.pipeline, ids, { pack: rerun.pack, priority: 'backfill' })
    const busy = wanted.filter(isBusyOtherwise(rerun.pack)).map(({ id }) => id)
    await tx.query(
      `UPDATE reruns SET cursor_id = coalesce($2::uuid, cursor_id), examined = examined + $3, restarted = restarted + $4,
         postponed = $5::uuid[], updated_at = now() WHERE id = $1`,
      [
        rerun.id,
        progress.examined > 0 ? (contents.at(-1)?.id ?? null) : null,
        progress.examined,
        ids.length,
        [...progress.postponed, ...busy],
      ],
    )
    return true
  }

  private async finish(tx: Transaction, { id }: RunningRerun, state: 'done' | 'superseded'): Promise<void> {
    await tx.query(`UPDATE reruns SET state = $2, updated_at = now(), finished_at = now() WHERE id = $1`, [id, state])
    this.logger.info({ rerun: id, state }, 'a rerun has ended')
  }
}

/** Being tagged with another pack: its turn comes when that has ended. With this pack, it needs no turn. */
const isBusyOtherwise =
  (pack: string) =>
  (content: Selected): boolean =>
    content.state === 'processing' && content.pack !== pack
