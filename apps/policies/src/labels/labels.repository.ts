import { Injectable } from '@nestjs/common'
import type { LabelSource } from '@reeltag/contracts'
import type { Cursor } from '@reeltag/http'
import { packInForce } from '@reeltag/pipeline'
import { Database, newId, type Transaction } from '@reeltag/platform'

/** A label whose content is known and whose path is of a tree on the disk. */
export interface CheckedLabel {
  readonly contentId: string
  readonly facet: string
  /** Empty: none of the facet's nodes. */
  readonly path: string
  readonly taxonomy: string
  readonly source: LabelSource
  readonly who: string
  readonly at: Date
  readonly propensity: number | null
}

export interface LabelRow extends CheckedLabel {
  readonly id: string
  readonly externalId: string | null
  readonly videoSha256: string | null
  readonly createdAt: Date
  readonly supersededAt: Date | null
}

export interface LabelFilter {
  readonly contentId?: string | undefined
  readonly facet?: string | undefined
  readonly source?: LabelSource | undefined
  /** Also those that a later word has superseded. */
  readonly history?: boolean | undefined
}

export interface References {
  readonly ids: readonly string[]
  readonly externalIds: readonly string[]
  readonly hashes: readonly string[]
}

/** What references mean: the contents of each. */
export interface Resolved {
  readonly ids: ReadonlyMap<string, readonly string[]>
  readonly externalIds: ReadonlyMap<string, readonly string[]>
  readonly hashes: ReadonlyMap<string, readonly string[]>
}

const columns = `l.id, l.content_id AS "contentId", c.external_id AS "externalId", c.video_sha256 AS "videoSha256", l.facet, l.path,
  l.taxonomy, l.source, l.who, l.at, l.propensity, l.created_at AS "createdAt", l.superseded_at AS "supersededAt"`

/** Any number that no other advisory lock of the platform has. */
const labelsLock = 7_242_101

/** The only writer of `labels`. */
@Injectable()
export class LabelsRepository {
  constructor(private readonly db: Database) {}

  /** @throws NOT_FOUND where the workspace is gone */
  packOf(workspaceId: string): Promise<string> {
    return packInForce(this.db, workspaceId)
  }

  /** Runs alone among the writers of a workspace, so that what one has checked still holds when it writes. */
  alone<T>(workspaceId: string, run: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.db.transaction(
      async (tx) => {
        await this.lock(tx, workspaceId)
        return run(tx)
      },
      { durable: true },
    )
  }

  /** Until the transaction ends, nobody else writes labels of the workspace. */
  async lock(tx: Transaction, workspaceId: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock($1::int, hashtext($2))`, [labelsLock, workspaceId])
  }

  /** The contents of a workspace that references mean. A video hash may mean several. */
  async resolve(workspaceId: string, { ids, externalIds, hashes }: References): Promise<Resolved> {
    const lookUp = async (sql: string, keys: readonly string[]): Promise<ReadonlyMap<string, string[]>> => {
      const found = new Map<string, string[]>()
      if (keys.length === 0) return found
      for (const { key, id } of await this.db.query<{ key: string; id: string }>(sql, [workspaceId, keys]))
        found.set(key, [...(found.get(key) ?? []), id])
      return found
    }
    return {
      ids: await lookUp(`SELECT id AS key, id FROM contents WHERE workspace_id = $1 AND id = ANY($2::uuid[])`, ids),
      externalIds: await lookUp(
        `SELECT external_id AS key, id FROM contents WHERE workspace_id = $1 AND external_id = ANY($2::text[])`,
        externalIds,
      ),
      // By what refers to the bytes: contents have no index on their hash, and every upload would pay for one.
      hashes: await lookUp(
        `SELECT r.sha256 AS key, c.id FROM blob_refs r JOIN contents c ON c.id = r.owner_id
         WHERE r.workspace_id = $1 AND r.sha256 = ANY($2::text[]) AND r.role = 'video'`,
        hashes,
      ),
    }
  }

  /** Every label that was stored on the facets of these contents with the same source, moment and person. */
  stated(tx: Transaction, labels: readonly CheckedLabel[]): Promise<CheckedLabel[]> {
    return tx.query<CheckedLabel>(
      `SELECT DISTINCT l.content_id AS "contentId", l.facet, l.path, l.taxonomy, l.source, l.who, l.at, l.propensity
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[]) AS d(content_id, facet, source, at, who)
         JOIN labels l ON l.content_id = d.content_id AND l.facet = d.facet AND l.source = d.source AND l.at = d.at
           AND l.who = d.who`,
      [
        labels.map(({ contentId }) => contentId),
        labels.map(({ facet }) => facet),
        labels.map(({ source }) => source),
        labels.map(({ at }) => at),
        labels.map(({ who }) => who),
      ],
    )
  }

  async insert(tx: Transaction, workspaceId: string, labels: readonly CheckedLabel[]): Promise<void> {
    await tx.query(
      `INSERT INTO labels (id, workspace_id, content_id, facet, path, taxonomy, source, who, at, propensity)
       SELECT d.id, $1, d.content_id, d.facet, d.path, d.taxonomy, d.source, d.who, d.at, d.propensity
       FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[],
                   $10::float8[]) AS d(id, content_id, facet, path, taxonomy, source, who, at, propensity)
       ON CONFLICT DO NOTHING`,
      [
        workspaceId,
        labels.map(() => newId()),
        labels.map(({ contentId }) => contentId),
        labels.map(({ facet }) => facet),
        labels.map(({ path }) => path),
        labels.map(({ taxonomy }) => taxonomy),
        labels.map(({ source }) => source),
        labels.map(({ who }) => who),
        labels.map(({ at }) => at),
        labels.map(({ propensity }) => propensity),
      ],
    )
    await this.supersede(tx, labels)
  }

  /** From now on what somebody said of a content at one moment does not count. What it superseded stays superseded. */
  async withdraw(
    tx: Transaction,
    { contentId, source, who, at }: Pick<CheckedLabel, 'contentId' | 'source' | 'who' | 'at'>,
  ): Promise<void> {
    await tx.query(
      `UPDATE labels SET superseded_at = now()
       WHERE content_id = $1 AND source = $2 AND who = $3 AND at = $4 AND superseded_at IS NULL`,
      [contentId, source, who, at],
    )
  }

  /**
   * On each facet of a content the last word of a source counts: the latest moment, and of two people at the same moment
   * the one whose name comes last. The order in which labels arrive makes no difference.
   */
  private async supersede(tx: Transaction, labels: readonly CheckedLabel[]): Promise<void> {
    await tx.query(
      `WITH touched AS (
         SELECT DISTINCT content_id, facet, source FROM unnest($1::uuid[], $2::text[], $3::text[]) AS d(content_id, facet, source)),
       last AS (
         SELECT t.content_id, t.facet, t.source, l.at, l.who
         FROM touched t CROSS JOIN LATERAL (
           SELECT at, who FROM labels
           WHERE content_id = t.content_id AND facet = t.facet AND source = t.source
           ORDER BY at DESC, who DESC LIMIT 1) l)
       UPDATE labels l SET superseded_at = now() FROM last
       WHERE l.content_id = last.content_id AND l.facet = last.facet AND l.source = last.source
         AND l.superseded_at IS NULL AND (l.at, l.who) < (last.at, last.who)`,
      [labels.map(({ contentId }) => contentId), labels.map(({ facet }) => facet), labels.map(({ source }) => source)],
    )
  }

  /** Newest first, one label more than the limit. */
  list(workspaceId: string, filter: LabelFilter, limit: number, before: Cursor | undefined): Promise<LabelRow[]> {
    const place = before === undefined ? undefined : { createdAt: new Date(before.createdAt), id: before.id }
    return this.select(workspaceId, filter, { order: 'DESC', limit: limit + 1, place })
  }

  /** Oldest first, as they were stored; the next batch begins behind the last label. */
  readOn(
    workspaceId: string,
    filter: LabelFilter,
    limit: number,
    after: Pick<LabelRow, 'createdAt' | 'id'> | undefined,
  ): Promise<LabelRow[]> {
    return this.select(workspaceId, filter, { order: 'ASC', limit, place: after })
  }

  private select(
    workspaceId: string,
    { contentId, facet, source, history }: LabelFilter,
    page: {
      readonly order: 'ASC' | 'DESC'
      readonly limit: number
      readonly place: Pick<LabelRow, 'createdAt' | 'id'> | undefined
    },
  ): Promise<LabelRow[]> {
    const { order, limit, place } = page
    const params: unknown[] = [workspaceId]
    const given = (value: unknown): string => `$${params.push(value)}`
    // Only what is asked for stands in the statement, so that each filter is served by an index of its own.
    const conditions = [
      ...(contentId === undefined ? [] : [`l.content_id = ${given(contentId)}::uuid`]),
      ...(facet === undefined ? [] : [`l.facet = ${given(facet)}`]),
      ...(source === undefined ? [] : [`l.source = ${given(source)}`]),
      ...(history === true ? [] : ['l.superseded_at IS NULL']),
      ...(place === undefined
        ? []
        : [
            `(l.created_at, l.id) ${order === 'ASC' ? '>' : '<'} (${given(place.createdAt)}::timestamptz, ${given(place.id)}::uuid)`,
          ]),
    ]
    return this.db.query<LabelRow>(
      `SELECT ${columns} FROM labels l JOIN contents c ON c.id = l.content_id
       WHERE ${['l.workspace_id = $1', ...conditions].join(' AND ')}
       ORDER BY l.created_at ${order}, l.id ${order} LIMIT ${given(limit)}`,
      params,
    )
  }
}
