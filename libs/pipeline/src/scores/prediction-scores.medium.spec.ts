import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { toFloat16Bytes } from '@reeltag/contracts'
import { newId } from '@reeltag/platform'
import { addWorkspace } from '@reeltag/testing'
import { PipelineFixture } from '../pipeline.fixture.js'
import { PredictionScores, type PredictionScore, type ScoresWanted } from './prediction-scores.js'

interface Made {
  readonly workspaceId?: string
  readonly pack?: string
  readonly revisions?: number
  /** Whether scores were kept. */
  readonly kept?: boolean
}

describe('PredictionScores', () => {
  let fixture: PipelineFixture
  let scores: PredictionScores
  beforeAll(async () => {
    fixture = await PipelineFixture.open()
    scores = new PredictionScores(fixture.db)
  })
  afterAll(() => fixture.close())

  /** A content with results. @returns its id, and those of its predictions */
  const aContent = async ({
    workspaceId = fixture.workspaceId,
    pack = 'p/1.0.0',
    revisions = 1,
    kept = true,
  }: Made) => {
    const contentId = await fixture.accept({ id: newId(), workspaceId })
    await fixture.db.query(`UPDATE contents SET revision = $2 WHERE id = $1`, [contentId, revisions])
    const ids: string[] = []
    for (let revision = 1; revision <= revisions; revision++) {
      const id = newId()
      ids.push(id)
      await fixture.db.query(
        `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)
         VALUES ($1, $2, $3, $4, 'review', '{text}', '[]', '{}', 'x', $4)`,
        [id, contentId, workspaceId, revision],
      )
      if (kept)
        await fixture.db.query(
          `INSERT INTO prediction_scores (prediction_id, content_id, workspace_id, revision, pack, head, mask, facets, logits)
           VALUES ($1, $2, $3, $4, $5, 'f/1.0.0', 'text', '{subject,style}', $6)`,
          [
            id,
            contentId,
            workspaceId,
            revision,
            pack,
            [toFloat16Bytes(Float32Array.of(revision, -2)), toFloat16Bytes(Float32Array.of(0.5))],
          ],
        )
    }
    return { contentId, ids }
  }
  const all = async (workspaceId: string, wanted: Omit<ScoresWanted, 'after'>): Promise<PredictionScore[]> => {
    const rows: PredictionScore[] = []
    for (;;) {
      const after = rows.at(-1)?.predictionId
      const batch = await scores.read(workspaceId, { ...wanted, ...(after === undefined ? {} : { after }) })
      rows.push(...batch)
      if (batch.length < wanted.limit) return rows
    }
  }
  const idsOf = (rows: readonly PredictionScore[]): string[] => rows.map(({ predictionId }) => predictionId)

  it('gives every prediction of a workspace once, in batches, with its logits by facet', async () => {
    const workspaceId = await addWorkspace(fixture.db)
    await aContent({})
    const made = [
      await aContent({ workspaceId, revisions: 2 }),
      await aContent({ workspaceId, pack: 'p/2.0.0' }),
      await aContent({ workspaceId, kept: false }),
    ]
    for (const limit of [1, 2, 3, 10])
      expect(idsOf(await all(workspaceId, { limit }))).toEqual(made.slice(0, 2).flatMap(({ ids }) => ids))
    const [, second] = await all(workspaceId, { limit: 10 })
    expect(second).toMatchObject({ contentId: made[0]?.contentId, revision: 2, pack: 'p/1.0.0', mask: 'text' })
    expect(Object.entries(second?.logits ?? {}).map(([facet, logits]) => [facet, [...logits]])).toEqual([
      ['subject', [2, -2]],
      ['style', [0.5]],
    ])
    expect(idsOf(await all(workspaceId, { pack: 'p/2.0.0', limit: 10 }))).toEqual(made[1]?.ids)
    expect(idsOf(await all(workspaceId, { visible: true, limit: 10 }))).toEqual([made[0]?.ids[1], made[1]?.ids[0]])
  })

  it('gives the visible results of a pack in batches, with the logits of the facets that are asked for', async () => {
    const workspaceId = await addWorkspace(fixture.db)
    const made = [
      await aContent({ workspaceId, revisions: 2 }),
      await aContent({ workspaceId, pack: 'p/2.0.0' }),
      await aContent({ workspaceId, revisions: 3 }),
      await aContent({ workspaceId, kept: false }),
    ]
    const read = (facets: string[], after?: string) =>
      scores.readVisible(workspaceId, { pack: 'p/1.0.0', facets, after, limit: 1 })
    const [first] = await read(['style', 'subject'])
    expect(first).toMatchObject({ predictionId: made[0]?.ids[1], contentId: made[0]?.contentId, mask: 'text' })
    expect(Object.entries(first?.logits ?? {}).map(([facet, logits]) => [facet, [...logits]])).toEqual([
      ['style', [0.5]],
      ['subject', [2, -2]],
    ])
    const [second] = await read(['colour', 'style'], first?.predictionId)
    expect([second?.predictionId, Object.keys(second?.logits ?? {})]).toEqual([made[2]?.ids[2], ['style']])
    expect(await read([], second?.predictionId)).toEqual([])
  })

  it('begins at a time', async () => {
    const workspaceId = await addWorkspace(fixture.db)
    const [old, young] = [await aContent({ workspaceId }), await aContent({ workspaceId })]
    const aged = `UPDATE prediction_scores SET created_at = created_at - interval '10 minutes' WHERE content_id = $1`
    await fixture.db.query(aged, [old.contentId])
    const since = new Date(Date.now() - 300_000)
    expect(idsOf(await all(workspaceId, { since, limit: 1 }))).toEqual(young.ids)
    expect(idsOf(await all(workspaceId, { since: new Date(0), limit: 9 }))).toEqual([...old.ids, ...young.ids])
    expect(await all(workspaceId, { since: new Date(Date.now() + 300_000), limit: 9 })).toEqual([])
  })

  it('tells a result that cannot be decided again from one that is not there', async () => {
    const workspaceId = await addWorkspace(fixture.db)
    const [kept, bare] = [await aContent({ workspaceId, revisions: 2 }), await aContent({ workspaceId, kept: false })]
    expect(await scores.of(workspaceId, kept.contentId)).toMatchObject({ predictionId: kept.ids[1], revision: 2 })
    await expect(scores.of(workspaceId, bare.contentId)).rejects.toMatchObject({ code: 'SCORES_MISSING' })
    await expect(scores.of(fixture.workspaceId, kept.contentId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(scores.of(workspaceId, newId())).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await scores.count(workspaceId)).toEqual({ kept: 1, missing: 1 })
  })

  it('goes with its prediction', async () => {
    const workspaceId = await addWorkspace(fixture.db)
    const { ids } = await aContent({ workspaceId })
    await fixture.db.query(`DELETE FROM predictions WHERE id = $1`, [ids[0]])
    expect(await all(workspaceId, { limit: 9 })).toEqual([])
  })
})
