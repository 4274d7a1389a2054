import { stagesFor, tagsPredictedV1, type Modality, type Pipeline } from '@reeltag/contracts'
import { WarnOnce, type Database, type Logger, type Transaction } from '@reeltag/platform'
import { isInShare } from './in-share.js'

/** Events of one transaction. */
const batchMax = 500
/** While so many contents wait for shadows, no more are made: their events keep their place. */
const waitingMax = 1_000

interface RunningShadow {
  readonly id: string
  readonly workspace_id: string
  readonly pack: string
  readonly share: number
  readonly created_at: Date
  readonly sequence: string
}

interface PredictedRow {
  readonly content_id: string
  readonly revision: number
  readonly modalities: Modality[]
}

/**
 * Gives each shadow the contents of its share, found by the events of visible results. An event is examined in the
 * transaction that also moves the position, so that a crash neither skips nor repeats one. The leader's other work does
 * not wait for it.
 */
export class ShadowPlanner {
  private running: Promise<void> | undefined
  private readonly outage: WarnOnce

  constructor(
    private readonly db: Database,
    private readonly pipeline: Pipeline,
    logger: Logger,
  ) {
    this.outage = new WarnOnce(logger, 'shadows cannot be planned; retrying')
  }

  /** Begins in the background, where it is not under way already. */
  start(): void {
    this.running ??= this.workOrWarn().finally(() => (this.running = undefined))
  }

  async stop(): Promise<void> {
    await this.running
  }

  async work(): Promise<void> {
    const shadows = await this.db.query<{ id: string }>(`SELECT id FROM pack_shadows WHERE state = 'running'`)
    for (const { id } of shadows) {
      while (await this.db.transaction((tx) => this.batch(tx, id), { durable: false }));
    }
  }

  private async workOrWarn(): Promise<void> {
    try {
      await this.work()
      this.outage.worked()
    } catch (error) {
      this.outage.failed(error)
    }
  }

  /** @returns whether there is more to examine at once */
  private async batch(tx: Transaction, id: string): Promise<boolean> {
    const [shadow] = await tx.query<RunningShadow>(
      `SELECT id, workspace_id, pack, share, created_at, sequence FROM pack_shadows
       WHERE id = $1 AND state = 'running' FOR UPDATE SKIP LOCKED`,
      [id],
    )
    if (shadow === undefined || (await isFull(tx, id))) return false
    const [examined] = await tx.query<{ n: number; last: string | null }>(
      `SELECT count(*)::int AS n, max(sequence) AS last FROM (
         SELECT sequence FROM outbox WHERE sequence > $1 ORDER BY sequence LIMIT ${batchMax}) next`,
      [shadow.sequence],
    )
    const last = examined?.last ?? null
    if (last === null) return false
    const predicted = await readPredicted(tx, shadow, last)
    await this.insert(
      tx,
      shadow,
      predicted.filter(({ content_id }) => isInShare(content_id, shadow.share)),
    )
    await tx.query(`UPDATE pack_shadows SET sequence = $2 WHERE id = $1`, [id, last])
    return examined?.n === batchMax
  }

  /** A content that is tagged again in the meantime is still compared with its first result. */
  private async insert(tx: Transaction, { id, pack }: RunningShadow, contents: readonly PredictedRow[]): Promise<void> {
    if (contents.length === 0) return
    await tx.query(
      `INSERT INTO shadow_predictions (content_id, pack, shadow_id, revision, state, stage)
       SELECT content_id, $1, $2, revision, 'waiting', stage
       FROM unnest($3::uuid[], $4::int[], $5::text[]) AS d(content_id, revision, stage)
       ON CONFLICT (content_id, pack) DO NOTHING`,
      [
        pack,
        id,
        contents.map(({ content_id }) => content_id),
        contents.map(({ revision }) => revision),
        contents.map(({ modalities }) => stagesFor(this.pipeline, new Set(modalities))[0]?.stage),
      ],
    )
  }
}

const isFull = async (tx: Transaction, id: string): Promise<boolean> => {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (
       SELECT 1 FROM shadow_predictions WHERE shadow_id = $1 AND state = 'waiting' LIMIT ${waitingMax}) waiting`,
    [id],
  )
  return (row?.n ?? 0) >= waitingMax
}

/** In the order of ids, as everywhere that contents are locked. */
const readPredicted = (tx: Transaction, shadow: RunningShadow, last: string): Promise<PredictedRow[]> =>
  tx.query<PredictedRow>(
    `SELECT DISTINCT ON (c.id) c.id AS content_id, o.revision, c.modalities
     FROM outbox o JOIN contents c ON c.id = o.content_id
     WHERE o.sequence > $1 AND o.sequence <= $2 AND o.name = $3 AND o.workspace_id = $4
       AND c.created_at >= $5 AND o.data->'versions'->>'pack' <> $6
     ORDER BY c.id, o.sequence`,
    [shadow.sequence, last, tagsPredictedV1.name, shadow.workspace_id, shadow.created_at, shadow.pack],
  )
