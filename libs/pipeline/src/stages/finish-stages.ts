import type { Pipeline } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'
import type { Outbox, SubjectEvent } from '@reeltag/events'
import { advance } from './advance.js'
import { writeRecordings, type Recording, type ResultBefore, type RevisionAt } from './recording.js'
import type { FinishedStage, StageTask } from './stage-task.js'

export interface Finish {
  readonly task: StageTask
  readonly finished: FinishedStage
}

interface LockedContent {
  id: string
  revision: number
  state: string
  before: Omit<ResultBefore, 'revision'> | null
}

const keyOf = ({ contentId, stage }: { contentId: string; stage: string }): string => `${contentId} ${stage}`

/**
 * Finishes stages of several contents in one transaction: outputs (fenced by attempt), what the handlers record,
 * the events, and the stages that have become ready. Contents are locked in id order, and stages in the order of their
 * keys, as whoever begins or renews them does, so groups cannot deadlock.
 * @returns for each finish, whether its attempt was still the current one
 */
export const finishStages = async (
  tx: Transaction,
  { pipeline, outbox }: { readonly pipeline: Pipeline; readonly outbox: Outbox },
  finishes: readonly Finish[],
): Promise<boolean[]> => {
  const contents = await lockContents(tx, finishes)
  const accepted = await storeOutputs(tx, finishes)
  const effective = finishes.filter(({ task }) => accepted.has(keyOf(task)))
  const events: SubjectEvent[] = []
  const records: { record: Recording; at: RevisionAt }[] = []
  const concluded: { id: string; state: string; revision: number }[] = []
  for (const { task, finished } of effective) {
    const before = contents.get(task.contentId)
    // Another stage may have failed the content in the meantime. The output of this stage is kept, but it has no
    // effects.
    if (before?.state !== 'processing') continue
    const revision = before.revision + (finished.contentState === undefined ? 0 : 1)
    const at = { revision, before: resultBefore(before) }
    if (finished.record !== undefined) records.push({ record: finished.record, at })
    const { workspaceId, contentId, traceparent } = task
    const source = `/reeltag/${task.stage}`
    const subject = { source, workspaceId, contentId, revision, traceparent }
    events.push(...(finished.events?.(at) ?? []).map((event) => ({ ...event, ...subject })))
    if (finished.contentState !== undefined) {
      concluded.push({ id: contentId, state: finished.contentState, revision })
    }
  }
  await writeRecordings(tx, records)
  await conclude(tx, concluded)
  await outbox.publish(tx, events)
  await advance(tx, pipeline, [...new Set(effective.map(({ task }) => task.contentId))])
  return finishes.map(({ task }) => accepted.has(keyOf(task)))
}

const lockContents = async (tx: Transaction, finishes: readonly Finish[]): Promise<Map<string, LockedContent>> => {
  const rows = await tx.query<LockedContent>(
    // What a new result supersedes is read here, because a statement of its own would be one more round trip.
    `SELECT id, revision, state, CASE WHEN revision > 0 THEN (
         SELECT jsonb_build_object('predictionId', p.id, 'published', p.tags @> '[{"status": "published"}]')
         FROM predictions p WHERE p.content_id = c.id AND p.revision = c.revision) END AS before
     FROM contents c WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
    [finishes.map(({ task }) => task.contentId)],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

const resultBefore = ({ revision, before }: LockedContent): ResultBefore | null =>
  revision === 0 ? null : { revision, published: false, ...before }

const storeOutputs = async (tx: Transaction, finishes: readonly Finish[]): Promise<Set<string>> => {
  const rows = await tx.query<{ content_id: string; stage: string }>(
    `WITH held AS (
       SELECT s.content_id, s.stage, d.output
       FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[]) AS d(content_id, stage, attempt, output)
         JOIN stages s ON s.content_id = d.content_id AND s.stage = d.stage AND s.attempt = d.attempt
       WHERE s.state = 'running'
       ORDER BY s.content_id, s.stage FOR UPDATE OF s)
     UPDATE stages s
     SET state = 'done', output = h.output::jsonb, finished_at = now(), lease_until = NULL,
         error_code = NULL, error_detail = NULL
     FROM held h WHERE s.content_id = h.content_id AND s.stage = h.stage
     RETURNING s.content_id, s.stage`,
    [
      finishes.map(({ task }) => task.contentId),
      finishes.map(({ task }) => task.stage),
      finishes.map(({ task }) => task.attempt),
      finishes.map(({ finished }) => JSON.stringify(finished.output)),
    ],
  )
  return new Set(rows.map(({ content_id, stage }) => keyOf({ contentId: content_id, stage })))
}

const conclude = async (
  tx: Transaction,
  contents: readonly { id: string; state: string; revision: number }[],
): Promise<void> => {
  if (contents.length === 0) return
  await tx.query(
    `UPDATE contents c
     SET state = d.state, revision = d.revision, error_code = NULL, error_detail = NULL, updated_at = now()
     FROM unnest($1::uuid[], $2::text[], $3::int[]) AS d(id, state, revision) WHERE c.id = d.id`,
    [contents.map(({ id }) => id), contents.map(({ state }) => state), contents.map(({ revision }) => revision)],
  )
}
