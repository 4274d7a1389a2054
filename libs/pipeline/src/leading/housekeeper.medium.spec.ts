import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { newId, openBlobs, type Blobs } from '@reeltag/platform'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { PipelineFixture, silent } from '../pipeline.fixture.js'
import { Housekeeper } from './housekeeper.js'

const keptDays = 30
const scoresKeptDays = 90
/** More than two pieces of what is deleted at a time. */
const many = 10_001

describe('Housekeeper', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-housekeeper-'))
  let fixture: PipelineFixture
  let blobs: Blobs
  let housekeeper: Housekeeper
  beforeAll(async () => {
    fixture = await PipelineFixture.open()
    blobs = await openBlobs({ address: { kind: 'folder', folder }, spoolFolder: folder }, fixture.db)
    housekeeper = new Housekeeper(fixture.db, blobs, { eventsKeptDays: keptDays, scoresKeptDays }, silent)
  })
  afterAll(async () => {
    await fixture.close()
    fs.rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    for (const table of ['outbox', 'inbox']) await fixture.db.query(`DELETE FROM ${table}`)
  })

  /** Events of an age; null: not published yet. */
  const events = (count: number, ageDays: number | null) =>
    fixture.db.query(
      `INSERT INTO outbox (event_id, name, source, workspace_id, content_id, data, published_at)
       SELECT gen_random_uuid(), 'x', 'x', $1, $1, '{}', now() - $2::float * interval '1 day' FROM generate_series(1, $3)`,
      [fixture.workspaceId, ageDays, count],
    )
  const receipts = (count: number, ageDays: number) =>
    fixture.db.query(
      `INSERT INTO inbox (consumer, event_id, received_at)
       SELECT 'review', gen_random_uuid(), now() - $1::float * interval '1 day' FROM generate_series(1, $2)`,
      [ageDays, count],
    )
  const left = async (table: 'outbox' | 'inbox', column: string) => {
    const rows = await fixture.db.query<{ age: number | null; n: number }>(
      `SELECT round(extract(epoch FROM now() - ${column}) / 86400, 1)::float AS age, count(*)::int AS n
       FROM ${table} GROUP BY 1 ORDER BY 1 NULLS LAST`,
    )
    return rows.map(({ age, n }) => [age, n])
  }

  it('removes all old events however many there are, and none that is young or unpublished', async () => {
    await events(many, keptDays + 0.1)
    await events(2, keptDays - 0.1)
    await events(3, null)
    await housekeeper.work()
    expect(await left('outbox', 'published_at')).toEqual([
      [keptDays - 0.1, 2],
      [null, 3],
    ])
  })

  it('keeps receipts for twice as long as events', async () => {
    await receipts(many, 2 * keptDays + 0.1)
    await receipts(2, 2 * keptDays - 0.1)
    await housekeeper.work()
    expect(await left('inbox', 'received_at')).toEqual([[2 * keptDays - 0.1, 2]])
  })

  describe('scores', () => {
    /** Scores of predictions that were made so long ago. */
    const scores = async (count: number, ageDays: number): Promise<void> => {
      const contentId = await fixture.accept()
      await fixture.db.query(
        `WITH made AS (
           INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)
           SELECT uuidv7($3::float * interval '-1 day'), $1, $2, n, 'review', '{}', '[]', '{}', 'x', n FROM generate_series(1, $4::int) AS n
           RETURNING id)
         INSERT INTO prediction_scores (prediction_id, content_id, workspace_id, revision, pack, head, mask, facets, logits, created_at)
         SELECT id, $1, $2, 1, 'p', 'h', 'text', '{}', '{}', now() - $3::float * interval '1 day' FROM made`,
        [contentId, fixture.workspaceId, ageDays, count],
      )
    }
    const counts = async () => {
      const [row] = await fixture.db.query<{ scores: number; predictions: number }>(
        `SELECT (SELECT count(*)::int FROM prediction_scores) AS scores, (SELECT count(*)::int FROM predictions) AS predictions`,
      )
      return row
    }
    const keeping = (days: number) =>
      new Housekeeper(fixture.db, blobs, { eventsKeptDays: keptDays, scoresKeptDays: days }, silent)
    beforeEach(() => fixture.db.query('DELETE FROM predictions'))

    it('are removed once they are old, and their results stay', async () => {
      await scores(many, scoresKeptDays + 0.1)
      await scores(2, scoresKeptDays - 0.1)
      await housekeeper.work()
      expect(await counts()).toEqual({ scores: 2, predictions: many + 2 })
    })

    it('are kept for ever with 0 days', async () => {
      await scores(3, 4_000)
      await keeping(0).work()
      expect(await counts()).toEqual({ scores: 3, predictions: 3 })
      await keeping(3_650).work()
      expect(await counts()).toEqual({ scores: 0, predictions: 3 })
    })
  })

  it('removes what an upload left after an hour, and bytes that nothing refers to after a day', async () => {
    const uploads = path.join(folder, 'uploads')
    fs.mkdirSync(uploads, { recursive: true })
    const aged = (name: string, minutes: number): void => {
      fs.writeFileSync(path.join(uploads, name), 'x')
      const then = Date.now() / 1_000 - minutes * 60
      fs.utimesSync(path.join(uploads, name), then, then)
    }
    aged('old', 61)
    aged('young', 59)
    const touched = (sha256: string, hours: number) =>
      fixture.db.query(
        `INSERT INTO blobs (workspace_id, sha256, bytes, touched_at) VALUES ($1, $2, 1, now() - $3::float * interval '1 hour')`,
        [fixture.workspaceId, sha256, hours],
      )
    const [old, young] = [newId(), newId()]
    await touched(old, 24.1)
    await touched(young, 23.9)
    await housekeeper.work()
    expect(fs.readdirSync(uploads)).toEqual(['young'])
    expect(await fixture.db.query(`SELECT sha256 FROM blobs`)).toEqual([{ sha256: young }])
  })
})
