import type { Transaction } from '@reeltag/platform'

/** How long ago the oldest content came: as long as events are kept by default. */
const days = 30

export interface Filling {
  readonly workspaceId: string
  /** Contents that are there already; their numbers are taken. */
  readonly from: number
  /** Contents that will be there. */
  readonly to: number
  /** Contents that there will be in the end, over which the thirty days are spread. */
  readonly total: number
}

/**
 * Makes concluded contents with everything that they leave behind: stages, events, receipts, predictions, review items,
 * blobs (rows without files), frame sets, embeddings. Written in the order of time, as a platform would have, without
 * triggers and checks of foreign keys. `VACUUM (ANALYZE)` afterwards, which no transaction can.
 */
export const fillContents = async (tx: Transaction, { workspaceId, from, to, total }: Filling): Promise<void> => {
  await tx.query(`SET LOCAL session_replication_role = replica`)
  await tx.query(
    `CREATE TEMP TABLE filling ON COMMIT DROP AS
     SELECT n, at, uuidv7(at - now()) AS id, uuidv7(at - now()) AS prediction, uuidv7(at - now()) AS frames,
       uuidv7(at - now()) AS vision, uuidv7(at - now()) AS text, encode(sha256(('video' || n)::bytea), 'hex') AS video_sha256,
       encode(sha256(('frames' || n)::bytea), 'hex') AS frames_sha256,
       encode(sha256(('strip' || n)::bytea), 'hex') AS strip_sha256, encode(sha256(('text' || n)::bytea), 'hex') AS input_hash,
       CASE WHEN n % 100 = 0 THEN 'failed' WHEN n % 3 = 0 THEN 'in_review' ELSE 'published' END AS state
     FROM (SELECT n, now() - interval '${days} days' * (($3::int - n)::float8 / $3::int) AS at
           FROM generate_series($1::int + 1, $2::int) AS n) AS numbers`,
    [from, to, total],
  )
  for (const statement of statements) await tx.query(statement.replaceAll('$workspace', `'${workspaceId}'::uuid`))
}

const tags = `'[{"facet": "subject", "path": "animal/cat", "names": [{"zh": "动物", "en": "animal"}, {"zh": "猫", "en": "cat"}],
  "confidence": 0.93, "status": "published"}]'::jsonb`
const versions = `'{"pack": "starter/2.0.0", "vision": "starter-vision/2.0.0", "text": "starter-text/2.0.0",
  "fusion": "starter-fusion/2.0.0", "taxonomy": "starter/1", "sampling": "even-4@96"}'::jsonb`
const sampled = `jsonb_build_object('framesSha256', frames_sha256, 'filmstripSha256', strip_sha256, 'frames', 4, 'size', 96,
  'timesMs', '[0, 3750, 7500, 11250]'::jsonb, 'durationMs', 15000, 'width', 720, 'height', 1280, 'decoded', true)`

const statements = [
  `INSERT INTO contents (id, workspace_id, external_id, state, pack, submission, video_sha256, video_bytes, modalities,
     input_hash, revision, error_code, created_at, updated_at)
   SELECT id, $workspace, 'video-' || n, state, 'starter/2.0.0',
     jsonb_build_object('title', '今天拍到的第' || n || '个视频', 'language', 'zh'), video_sha256, 4000000, '{video,text}', input_hash, 1,
     CASE state WHEN 'failed' THEN 'MEDIA_UNDECODABLE' END, at, at FROM filling`,
  `INSERT INTO stages (content_id, stage, state, ready_at, queued_at, started_at, finished_at, output)
   SELECT id, stage, CASE WHEN f.state = 'failed' AND stage = 'sample-frames' THEN 'failed' ELSE 'done' END, at, at, at, at,
     CASE stage WHEN 'sample-frames' THEN ${sampled} WHEN 'classify' THEN jsonb_build_object('predictionId', prediction)
       ELSE jsonb_build_object('embeddingId', vision, 'encoded', true) END
   FROM filling f, unnest('{sample-frames,embed-text,embed-frames,classify}'::text[]) AS stage`,
  `INSERT INTO outbox (event_id, name, source, workspace_id, content_id, revision, data, created_at, sequence, published_at)
   SELECT uuidv7(at - now()), name, '/reeltag/classify', $workspace, id, 1,
     jsonb_build_object('contentId', id, 'predictionId', prediction, 'revision', 1, 'decision', 'published', 'versions', ${versions},
       'tags', ${tags}), at, nextval('event_sequence'), at
   FROM filling, unnest('{content.submitted.v1,frames.sampled.v1,tags.predicted.v1,tags.published.v1,review.requested.v1}'::text[]) AS e(name)`,
  `INSERT INTO inbox (consumer, event_id, received_at)
   SELECT 'review', uuidv7(at - now()), at FROM filling, generate_series(1, 2)`,
  `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt, created_at)
   SELECT prediction, id, $workspace, 1, 'published', '{video,text}', ${tags}, ${versions}, input_hash, 1, at FROM filling
   WHERE state <> 'failed'`,
  `INSERT INTO prediction_scores (prediction_id, content_id, workspace_id, revision, pack, head, mask, facets, logits, created_at)
   SELECT prediction, id, $workspace, 1, 'starter/2.0.0', 'starter-fusion/2.0.0', 'text+video', '{subject,style}',
     ARRAY[decode(repeat('3c', 72), 'hex'), decode(repeat('3c', 16), 'hex')], at FROM filling WHERE state <> 'failed'`,
  `INSERT INTO review_items (id, workspace_id, content_id, prediction_id, revision, reason, state, tags, created_at)
   SELECT uuidv7(at - now()), $workspace, id, prediction, 1, 'uncertain', CASE WHEN n % 2 = 0 THEN 'open' ELSE 'superseded' END,
     ${tags}, at FROM filling WHERE state = 'in_review'`,
  `INSERT INTO blobs (workspace_id, sha256, bytes, touched_at)
   SELECT $workspace, sha256, 1, at FROM filling, unnest(ARRAY[video_sha256, frames_sha256, strip_sha256]) AS sha256`,
  `INSERT INTO blob_refs (workspace_id, sha256, role, owner_id)
   SELECT $workspace, video_sha256, 'video', id FROM filling UNION ALL
   SELECT $workspace, frames_sha256, 'frames', frames FROM filling UNION ALL
   SELECT $workspace, strip_sha256, 'filmstrip', frames FROM filling`,
  `INSERT INTO frame_sets (id, workspace_id, video_sha256, plan, frames_sha256, filmstrip_sha256, meta, created_at)
   SELECT frames, $workspace, video_sha256, 'even-4@96', frames_sha256, strip_sha256, ${sampled}, at FROM filling`,
  `INSERT INTO embeddings (id, workspace_id, input_hash, preprocessing, encoder, rows, dimensions, vectors, created_at)
   SELECT vision, $workspace, frames_sha256, 'starter', 'starter-vision/2.0.0', 4, 64, decode(repeat('3c', 512), 'hex'), at
   FROM filling UNION ALL
   SELECT text, $workspace, input_hash, 'starter', 'starter-text/2.0.0', 8, 64, decode(repeat('3c', 1024), 'hex'), at FROM filling`,
]
