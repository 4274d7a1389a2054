import { Injectable } from '@nestjs/common'
import { ReeltagError, type CalibrationDocument, type CalibrationReason } from '@reeltag/contracts'
import type { Cursor } from '@reeltag/http'
import { Database, newId, type Transaction } from '@reeltag/platform'
import { z } from 'zod'

export interface CalibrationRow {
  readonly id: string
  readonly workspace_id: string
  /** `name/number` */
  readonly ref: string
  readonly name: string
  readonly pack: string
  readonly because: CalibrationReason
  readonly created_by: string
  readonly created_at: Date
}

export interface CalibrationSummary extends CalibrationRow {
  readonly taxonomy: string
  readonly family: string
  readonly contents: number
}

export interface StoredCalibration extends CalibrationRow {
  /** As stored: CalibrationDocument reads it. */
  readonly document: unknown
}

export interface NewCalibration {
  readonly workspaceId: string
  readonly name: string
  readonly document: CalibrationDocument
  readonly because: CalibrationReason
  readonly actor: string
}

/** A workspace that has so much new truth that a calibration should be fitted again. */
export interface GrownTruth {
  readonly workspace_id: string
  readonly calibration_id: string
}

const columns = `id, workspace_id, name || '/' || number AS ref, name, pack, because, created_by, created_at`
// A document holds a report for each class: lists do without.
const summary = `${columns}, document->>'taxonomy' AS taxonomy, document->>'family' AS family,
  (document->'evidence'->>'calibrated')::int AS contents`

type Reader = Pick<Transaction, 'query'>

/** The only writer of `calibrations` and `calibration_looks`. Calibrations are never changed. */
@Injectable()
export class CalibrationsRepository {
  constructor(private readonly db: Database) {}

  /** Newest first, one row more than the limit. */
  list(workspaceId: string, limit: number, after: Cursor | undefined): Promise<CalibrationSummary[]> {
    return this.db.query<CalibrationSummary>(
      `SELECT ${summary} FROM calibrations
       WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $4`,
      [workspaceId, after?.createdAt ?? null, after?.id ?? null, limit + 1],
    )
  }

  /** @param id the id, or `name/number`. @throws NOT_FOUND */
  async get(workspaceId: string, id: string, tx: Reader = this.db): Promise<StoredCalibration> {
    const which = z.uuid().safeParse(id).success ? 'id = $2::uuid' : `name || '/' || number = $2`
    const [row] = await tx.query<StoredCalibration>(
      `SELECT ${columns}, document FROM calibrations WHERE workspace_id = $1 AND ${which}`,
      [workspaceId, id],
    )
    if (row === undefined) throw new ReeltagError('NOT_FOUND', `there is no calibration ${id}`)
    return row
  }

  /** The newest one of a pack. */
  async latest(workspaceId: string, pack: string, tx: Reader = this.db): Promise<CalibrationRow | undefined> {
    const [row] = await tx.query<CalibrationRow>(
      `SELECT ${columns} FROM calibrations WHERE workspace_id = $1 AND pack = $2 ORDER BY number DESC LIMIT 1`,
      [workspaceId, pack],
    )
    return row
  }

  /** The newest one with just these maps. */
  async equal(
    tx: Reader,
    workspaceId: string,
    { pack, facets }: CalibrationDocument,
  ): Promise<CalibrationRow | undefined> {
    const [row] = await tx.query<CalibrationRow>(
      `SELECT ${columns} FROM calibrations WHERE workspace_id = $1 AND pack = $2 AND document->'facets' = $3::jsonb
       ORDER BY number DESC LIMIT 1`,
      [workspaceId, pack, JSON.stringify(facets)],
    )
    return row
  }

  /** Needs the lock on the workspace, which gives each calibration a number of its own. */
  async insert(
    tx: Transaction,
    { workspaceId, name, document, because, actor }: NewCalibration,
  ): Promise<StoredCalibration> {
    const [row] = await tx.query<StoredCalibration>(
      `INSERT INTO calibrations (id, workspace_id, name, number, pack, document, because, created_by)
       SELECT $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5::jsonb, $6, $7 FROM calibrations WHERE workspace_id = $2
       RETURNING ${columns}, document`,
      [newId(), workspaceId, name, document.pack, JSON.stringify(document), because, actor],
    )
    if (row === undefined) throw new Error('an insert returned nothing')
    return row
  }

  /**
   * Workspaces that got new truth since the newest calibration of their pack: on at least `labelsMin` contents, and on at
   * least the share `growth` of those that it was fitted from. Nobody else is looking at them.
   */
  grown(labelsMin: number, growth: number): Promise<GrownTruth[]> {
    return this.db.query<GrownTruth>(
      `SELECT w.id AS workspace_id, c.id AS calibration_id FROM workspaces w
       CROSS JOIN LATERAL (
         SELECT id, created_at, (document->'evidence'->>'labelled')::int AS labelled FROM calibrations
         WHERE workspace_id = w.id AND pack = w.pack ORDER BY number DESC LIMIT 1) c
       LEFT JOIN calibration_looks k ON k.workspace_id = w.id
       WHERE (k.until IS NULL OR k.until < now()) AND greatest($1::float8, $2::float8 * c.labelled) <= (
         SELECT count(DISTINCT content_id) FROM labels l
         WHERE l.workspace_id = w.id AND l.created_at > c.created_at AND l.superseded_at IS NULL)`,
      [labelsMin, growth],
    )
  }

  /** @returns whether this process looks at the workspace, and for `minutes` no other one */
  async claim(workspaceId: string, minutes: number): Promise<boolean> {
    const rows = await this.db.query(
      `INSERT INTO calibration_looks (workspace_id, until) VALUES ($1, now() + $2 * interval '1 minute')
       ON CONFLICT (workspace_id) DO UPDATE SET until = excluded.until WHERE calibration_looks.until < now() RETURNING 1`,
      [workspaceId, minutes],
    )
    return rows.length > 0
  }
}
