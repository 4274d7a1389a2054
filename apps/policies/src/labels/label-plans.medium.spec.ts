import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { LabelSource } from '@reeltag/contracts'
import { openFilledDatabase, type FilledDatabase } from '@reeltag/testing'
import { readLabelled } from '../policies/labelled.js'
import { LabelsRepository, type LabelFilter, type LabelRow } from './labels.repository.js'

interface Plan {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}

/** Rows that a statement has read, whether they were of use or not. */
const readBy = (plan: Plan): number =>
  (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'] +
  (plan.Plans ?? []).reduce((sum, inner) => sum + readBy(inner), 0)

const contents = 30_000

describe('lists and exports of labels on a filled database', () => {
  let filled: FilledDatabase
  let statements: [sql: string, params: readonly unknown[]][]
  let noting: FilledDatabase['db']
  let repository: LabelsRepository
  beforeAll(async () => {
    filled = await openFilledDatabase(contents)
    // Nearly all are imports of one facet. The few others are the oldest and the newest.
    await filled.db.query(
      `INSERT INTO labels (id, workspace_id, content_id, facet, path, taxonomy, source, who, at, created_at)
       SELECT uuidv7(), workspace_id, id, CASE WHEN n % 10000 < 3 THEN 'style' ELSE 'subject' END, 'food', 'starter/2',
         CASE n % 10000 WHEN 0 THEN 'gold' WHEN 1 THEN 'audit' ELSE 'import' END, 'li', now(),
         -- A thousand labels have one moment, as those of one import do.
         '2026-01-01'::timestamptz + make_interval(mins => (n / 1000)::int)
       FROM (SELECT id, workspace_id, row_number() OVER (ORDER BY id) AS n FROM contents) AS c`,
    )
    await filled.db.query('VACUUM (ANALYZE) labels')
    const { db } = filled
    statements = []
    const query: typeof db.query = (sql, params = []) => {
      statements.push([sql, params])
      return db.query(sql, params)
    }
    noting = { query } as typeof db
    repository = new LabelsRepository(noting)
  })
  afterAll(() => filled.close())

  /** How many rows the last statement reads. */
  const reads = async (): Promise<number> => {
    const [sql, params] = statements.at(-1) ?? ['', []]
    const [row] = await filled.db.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      params,
    )
    return readBy(row?.['QUERY PLAN'][0]?.Plan ?? { 'Actual Rows': Number.NaN, 'Actual Loops': 1 })
  }

  it.each<[string, LabelFilter, number]>([
    ['one source', { source: 'gold' }, 3],
    ['another source', { source: 'audit', history: true }, 4],
    ['one facet', { facet: 'style' }, 10],
    ['a source and a facet', { source: 'gold', facet: 'style' }, 3],
    ['everything', {}, 20],
  ])('read no more than they give, whatever the workspace holds: %s', async (_, filter, about) => {
    const rows = await repository.list(filled.workspaceId, filter, 19, undefined)
    expect(Math.abs(rows.length - about)).toBeLessThanOrEqual(1)
    expect(await reads()).toBeLessThan(400)
    await repository.readOn(filled.workspaceId, filter, 20, undefined)
    expect(await reads()).toBeLessThan(400)
    const last = rows.at(-1)
    await repository.list(filled.workspaceId, filter, 19, last && { ...last, createdAt: last.createdAt.toISOString() })
    expect(await reads()).toBeLessThan(400)
    expect(filled.db.scans).toEqual([])
  })

  it('give every label once, page by page, also those of one moment and while others are added', async () => {
    for (const filter of [{}, { facet: 'style' }, { source: 'import' as LabelSource }]) {
      const seen: string[] = []
      const before = await filled.db.query<{ id: string }>(
        `SELECT id FROM labels WHERE ($1::text IS NULL OR facet = $1) AND ($2::text IS NULL OR source = $2)`,
        ['facet' in filter ? filter.facet : null, 'source' in filter ? filter.source : null],
      )
      let last: LabelRow | undefined
      for (let page = 0; ; page++) {
        const rows = await repository.readOn(filled.workspaceId, filter, 'facet' in filter ? 2 : 7_000, last)
        seen.push(...rows.map(({ id }) => id))
        last = rows.at(-1)
        if (rows.length === 0) break
        if (page === 0)
          await filled.db.query(
            `INSERT INTO labels (id, workspace_id, content_id, facet, path, taxonomy, source, who, at, created_at)
             SELECT uuidv7(), workspace_id, content_id, facet, path, taxonomy, source, 'late', now(), '2025-01-01'
             FROM labels WHERE id = ANY($1) ON CONFLICT DO NOTHING`,
            [seen],
          )
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.toSorted()).toEqual(before.map(({ id }) => id).toSorted())
      await filled.db.query(`DELETE FROM labels WHERE who = 'late'`)
    }
  })

  it('of few contents are read with their scores without looking at all the others', async () => {
    await filled.db.query(`UPDATE labels SET superseded_at = now() WHERE source = 'import'`)
    await filled.db.query('VACUUM (ANALYZE) labels')
    filled.db.scans.length = 0
    await readLabelled(noting, filled.workspaceId, { pack: 'starter/2.0.0', taxonomy: 'starter/2' })
    expect(await reads()).toBeLessThan(400)
    expect(filled.db.scans).toEqual([])
  })
})
