import { contentSubmittedV1, joinText, readyStages, type Modality, type Pipeline } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'
import type { Outbox } from '@reeltag/events'
import { outgoing } from '@reeltag/events'
import { insertReady } from './advance.js'
import { rankOf } from './priority.js'
import { writeRecordings, type Recording } from './recording.js'
import type { NewContent } from './stage-task.js'

export interface Acceptance {
  readonly content: NewContent
  /** What is stored with the content, such as the reference that keeps its video. */
  readonly records: readonly Recording[]
}

const none: ReadonlySet<string> = new Set()

/**
 * Takes contents in: their rows, their root stages and content.submitted.v1, in the caller's transaction.
 * @returns for each, false where its externalId is taken
 */
export const acceptContents = async (
  tx: Transaction,
  { pipeline, outbox }: { readonly pipeline: Pipeline; readonly outbox: Outbox },
  acceptances: readonly Acceptance[],
): Promise<boolean[]> => {
  const inserted = await insertContents(
    tx,
    acceptances.map(({ content }) => content),
  )
  const fresh = acceptances.filter(({ content }) => inserted.has(content.id))
  await insertReady(
    tx,
    fresh.flatMap(({ content }) =>
      readyStages(pipeline, new Set(modalitiesOf(content)), { all: none, done: none }).map(({ stage }) => ({
        contentId: content.id,
        stage,
        priority: priorityOf(content),
      })),
    ),
  )
  await writeRecordings(
    tx,
    fresh.flatMap(({ records }) => records.map((record) => ({ record, at: { revision: 0, before: null } }))),
  )
  await outbox.publish(
    tx,
    fresh.map(({ content }) => toEvent(content)),
  )
  const known = await alreadyThere(
    tx,
    acceptances.flatMap(({ content }) => (inserted.has(content.id) ? [] : content.id)),
  )
  return acceptances.map(({ content: { id } }) => inserted.has(id) || known.has(id))
}

/** Sorted by the unique key, so that two groups with the same externalIds lock them in the same order. */
const insertContents = async (tx: Transaction, contents: readonly NewContent[]): Promise<Set<string>> => {
  const rows = await tx.query<{ id: string }>(
    `INSERT INTO contents (id, workspace_id, external_id, state, pack, submission, video_sha256, video_bytes,
                           modalities, input_hash, traceparent, priority)
     SELECT id, workspace_id, external_id, 'processing', pack, submission::jsonb, video_sha256, video_bytes,
            string_to_array(modalities, ','), input_hash, traceparent, priority
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[],
                 $9::text[], $10::text[], $11::smallint[])
       AS d(id, workspace_id, external_id, pack, submission, video_sha256, video_bytes, modalities, input_hash,
            traceparent, priority)
     ORDER BY workspace_id, external_id, id
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      contents.map(({ id }) => id),
      contents.map(({ workspaceId }) => workspaceId),
      contents.map(({ externalId }) => externalId),
      contents.map(({ pack }) => pack),
      contents.map(({ submission }) => JSON.stringify(submission)),
      contents.map(({ video }) => video?.sha256 ?? null),
      contents.map(({ video }) => video?.bytes ?? null),
      contents.map((content) => modalitiesOf(content).join(',')),
      contents.map(({ inputHash }) => inputHash),
      contents.map(({ traceparent }) => traceparent),
      contents.map(priorityOf),
    ],
  )
  return new Set(rows.map(({ id }) => id))
}

/** If the answer of a commit is lost, the retry finds its own rows. */
const alreadyThere = async (tx: Transaction, ids: readonly string[]): Promise<Set<string>> => {
  if (ids.length === 0) return new Set()
  const rows = await tx.query<{ id: string }>(`SELECT id FROM contents WHERE id = ANY($1::uuid[])`, [ids])
  return new Set(rows.map(({ id }) => id))
}

const toEvent = (content: NewContent) => {
  const { id: contentId, workspaceId, externalId, traceparent } = content
  const modalities = modalitiesOf(content)
  const event = outgoing(contentSubmittedV1, {
    contentId,
    externalId,
    hasVideo: modalities.includes('video'),
    hasText: modalities.includes('text'),
  })
  return { ...event, source: '/reeltag/gateway', workspaceId, contentId, revision: 0, traceparent }
}

const priorityOf = ({ submission }: NewContent): number => rankOf(submission.priority ?? 'interactive')

const modalitiesOf = ({ video, submission }: NewContent): Modality[] => [
  ...(video === null ? [] : (['video'] as const)),
  ...(joinText(submission) === '' ? [] : (['text'] as const)),
]
