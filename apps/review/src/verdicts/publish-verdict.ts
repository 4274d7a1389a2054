import { tagsPublishedV1, type ChosenTag, type Origin, type Tag, type Versions } from '@reeltag/contracts'
import { outgoing, type Outbox } from '@reeltag/events'
import { PredictionsRepository } from '@reeltag/pipeline'
import { newId, type Transaction } from '@reeltag/platform'
import type { Tree, Trees } from '../tasks/trees.js'
import { saidBy, type Truth } from './truth.js'
import type { VerdictRow } from './verdict-row.js'
import { findVerdict } from './verdicts.repository.js'

export interface PublishParts {
  readonly outbox: Outbox
  readonly trees: Trees
  readonly truth: Truth
}

/** A content that is locked for a new revision. */
export interface LockedContent {
  readonly id: string
  readonly revision: number
  readonly state: string
  readonly traceparent: string | null
}

/** A stored result, as far as a person's result is made from it. */
export interface ResultRow {
  readonly id: string
  readonly revision: number
  readonly decision: string
  readonly tags: Tag[]
  readonly versions: Versions
}

const predictions = new PredictionsRepository()
export const source = '/reeltag/review'

/**
 * Makes a verdict whose grace is over the visible result of its content: revision, prediction, event and truth in one
 * transaction. Where a newer result has come in the meantime, that one stays, and only the truth is kept: it is about the
 * content, not about a result.
 * @returns busy where somebody has the content at this moment, or it is being tagged; nothing was written then
 */
export const publishVerdict = async (
  tx: Transaction,
  { outbox, trees, truth }: PublishParts,
  due: Pick<VerdictRow, 'workspace_id' | 'id' | 'content_id'>,
): Promise<'published' | 'none' | 'gone' | 'busy'> => {
  const content = await lockContent(tx, due.content_id, 'SKIP LOCKED')
  if (content === undefined || content.state === 'processing') return 'busy'
  const verdict = await findVerdict(tx, { workspaceId: due.workspace_id, id: due.id }, 'FOR UPDATE')
  if (verdict.state !== 'waiting') return 'gone'
  const before = await resultOf(tx, verdict.prediction_before)
  const { taxonomy } = before.versions
  const isNewest = content.revision === before.revision
  if (isNewest) {
    const tags = toTags(verdict.tags, await trees.read(taxonomy))
    const origin = originOf(verdict)
    const id = newId()
    const revision = content.revision + 1
    await predictions.insertNext(tx, { id, from: before.id, revision, tags, origin })
    await raise(tx, content, 'published')
    const { versions } = before
    const supersedes = { revision: before.revision, predictionId: before.id }
    const data = { contentId: content.id, predictionId: id, revision, decision: 'published' as const, tags, versions }
    const event = outgoing(tagsPublishedV1, { ...data, supersedes, origin })
    await outbox.publish(tx, [{ ...event, ...subjectOf(verdict.workspace_id, content, revision) }])
  }
  const facets = saidBy(
    verdict.action,
    verdict.tags,
    verdict.body.tags ?? [],
    before.tags.map(({ facet }) => facet),
  )
  await truth.say(tx, verdict.workspace_id, {
    contentId: content.id,
    who: verdict.who,
    at: verdict.at,
    taxonomy,
    facets,
  })
  await tx.query(
    `UPDATE review_verdicts SET state = $3, published_at = now(), revision = $4 WHERE workspace_id = $1 AND id = $2`,
    [verdict.workspace_id, verdict.id, isNewest ? 'published' : 'none', isNewest ? content.revision + 1 : null],
  )
  return isNewest ? 'published' : 'none'
}

/** @returns undefined where it is gone, or, with SKIP LOCKED, where somebody has it */
export const lockContent = async (
  tx: Transaction,
  contentId: string,
  wait: 'SKIP LOCKED' | '',
): Promise<LockedContent | undefined> => {
  const [content] = await tx.query<LockedContent>(
    `SELECT id, revision, state, traceparent FROM contents WHERE id = $1 FOR NO KEY UPDATE ${wait}`,
    [contentId],
  )
  return content
}

export const resultOf = async (tx: Transaction, id: string): Promise<ResultRow> => {
  const [row] = await tx.query<ResultRow>(
    `SELECT id, revision, decision, tags, versions FROM predictions WHERE id = $1`,
    [id],
  )
  if (row === undefined) throw new Error(`the result ${id}, of which a verdict was given, is not stored`)
  return row
}

/** A content whose last run failed stays failed: only its visible result is another one. */
export const raise = async (tx: Transaction, { id, revision }: LockedContent, state: string): Promise<void> => {
  await tx.query(
    `UPDATE contents SET revision = $2, updated_at = now(), state = CASE state WHEN 'failed' THEN state ELSE $3 END WHERE id = $1`,
    [id, revision + 1, state],
  )
}

export const subjectOf = (workspaceId: string, { id, traceparent }: LockedContent, revision: number) => ({
  ...{ source, workspaceId, contentId: id, revision, traceparent },
})

/** The reviewer appears as an id. */
export const originOf = ({ who, id, reason }: VerdictRow): Origin => ({
  kind: 'review',
  by: who,
  verdict: id,
  ...(reason === null ? {} : { reason }),
})

/** A person is sure. */
const toTags = (chosen: readonly ChosenTag[], tree: Tree | undefined): Tag[] =>
  chosen.map(({ facet, path }) => ({
    facet,
    path,
    names: [...(tree?.get(facet)?.paths.get(path) ?? [])],
    confidence: 1,
    status: 'published',
  }))
