import { Injectable } from '@nestjs/common'
import type { GroupOfPolicy, LookedAt, PromiseWatch } from '@reeltag/decisions'
import { Database, newId, type Transaction } from '@reeltag/platform'

/** A promise of a policy, and of those that were derived from it. */
export interface WatchedGroup extends GroupOfPolicy {
  readonly proofId: string
}

export interface NewAudits {
  readonly workspaceId: string
  readonly contentId: string
  readonly predictionId: string
  readonly revision: number
  readonly policyId: string
  readonly proofId: string
  readonly taxonomy: string
  readonly propensity: number
  readonly tags: readonly (GroupOfPolicy & { readonly path: string })[]
}

export interface Answer extends WatchedGroup {
  readonly contentId: string
  readonly correct: boolean
}

/** What an answer is about. */
export interface LookedAtFacet {
  readonly contentId: string
  readonly facet: string
  readonly taxonomy: string
}

interface Counted extends GroupOfPolicy {
  readonly chosen: number
  readonly answers: readonly LookedAt[]
}

interface Row {
  facet: string
  mask: string
  under: string
}

const toGroup = ({ facet, mask, under }: Row): GroupOfPolicy => ({ facet, mask, under: under === '' ? null : under })

/** The only writer of `audits` and `audit_watches`. */
@Injectable()
export class AuditsRepository {
  constructor(private readonly db: Database) {}

  /** A tag that a policy publishes again, as a rerun does, is not chosen again. A content that is gone has none. */
  async add(tx: Transaction, { tags, ...audit }: NewAudits): Promise<void> {
    const { contentId, workspaceId, predictionId, revision, policyId, proofId, taxonomy, propensity } = audit
    await tx.query(
      `INSERT INTO audits (id, workspace_id, content_id, prediction_id, revision, policy_id, proof_id, taxonomy, propensity,
                           facet, mask, under, path)
       SELECT d.id, $1, c.id, $3, $4, $5, $6, $7, $8, d.facet, d.mask, d.under, d.path
       FROM (SELECT id FROM contents WHERE id = $2 FOR KEY SHARE) AS c
         CROSS JOIN unnest($9::uuid[], $10::text[], $11::text[], $12::text[], $13::text[]) AS d(id, facet, mask, under, path)
       ON CONFLICT DO NOTHING`,
      [
        workspaceId,
        contentId,
        predictionId,
        revision,
        policyId,
        proofId,
        taxonomy,
        propensity,
        tags.map(() => newId()),
        tags.map(({ facet }) => facet),
        tags.map(({ mask }) => mask),
        tags.map(({ under }) => under ?? ''),
        tags.map(({ path }) => path),
      ],
    )
  }

  /**
   * Answers the open audits of these facets from the labels of source `audit` that count. A published path is right where
   * it is true or above what is true.
   * @returns one answer for each audit, in the order of what was looked at
   */
  async answer(tx: Transaction, workspaceId: string, facets: readonly LookedAtFacet[]): Promise<Answer[]> {
    const rows = await tx.query<
      Row & { id: string; proof_id: string; content_id: string; correct: boolean; at: number }
    >(
      `UPDATE audits a SET answered_at = now(), correct = EXISTS (
         SELECT FROM labels l WHERE l.content_id = a.content_id AND l.facet = a.facet AND l.source = 'audit'
           AND l.superseded_at IS NULL AND l.taxonomy = a.taxonomy AND (l.path = a.path OR starts_with(l.path, a.path || '/')))
       FROM (SELECT content_id, facet, taxonomy, min(at) AS at
             FROM unnest($2::uuid[], $3::text[], $4::text[]) WITH ORDINALITY AS d(content_id, facet, taxonomy, at)
             GROUP BY content_id, facet, taxonomy) AS d
       WHERE a.workspace_id = $1 AND a.content_id = d.content_id AND a.facet = d.facet AND a.taxonomy = d.taxonomy
         AND a.answered_at IS NULL
       RETURNING a.id, a.proof_id, a.content_id, a.facet, a.mask, a.under, a.correct, d.at::int AS at`,
      [
        workspaceId,
        facets.map(({ contentId }) => contentId),
        facets.map(({ facet }) => facet),
        facets.map(({ taxonomy }) => taxonomy),
      ],
    )
    return rows
      .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
      .map((row) => ({ ...toGroup(row), proofId: row.proof_id, contentId: row.content_id, correct: row.correct }))
  }

  async watchOf(tx: Transaction, { proofId, facet, mask, under }: WatchedGroup): Promise<PromiseWatch | undefined> {
    const [row] = await tx.query<{ watch: PromiseWatch }>(
      `SELECT watch FROM audit_watches WHERE proof_id = $1 AND facet = $2 AND mask = $3 AND under = $4 FOR UPDATE`,
      [proofId, facet, mask, under ?? ''],
    )
    return row?.watch
  }

  async keepWatch(tx: Transaction, { proofId, facet, mask, under }: WatchedGroup, watch: PromiseWatch): Promise<void> {
    await tx.query(
      `INSERT INTO audit_watches (proof_id, facet, mask, under, watch) VALUES ($1, $2, $3, $4, $5::jsonb)
       ON CONFLICT (proof_id, facet, mask, under) DO UPDATE SET watch = excluded.watch, updated_at = now()`,
      [proofId, facet, mask, under ?? '', JSON.stringify(watch)],
    )
  }

  /** Every watch over a proof. */
  async watches(proofId: string): Promise<(GroupOfPolicy & { readonly watch: PromiseWatch })[]> {
    const rows = await this.db.query<Row & { watch: PromiseWatch }>(
      `SELECT facet, mask, under, watch FROM audit_watches WHERE proof_id = $1`,
      [proofId],
    )
    return rows.map((row) => ({ ...toGroup(row), watch: row.watch }))
  }

  /** How many audits each promise of a proof has, and their answers. */
  async count(proofId: string): Promise<Counted[]> {
    const rows = await this.db.query<Row & { chosen: number; answers: (LookedAt & { audits: number })[] }>(
      `SELECT facet, mask, under, sum(audits)::int AS chosen,
         coalesce(jsonb_agg(jsonb_build_object('propensity', propensity, 'correct', correct, 'audits', audits))
                    FILTER (WHERE correct IS NOT NULL), '[]') AS answers
       FROM (SELECT facet, mask, under, propensity, correct, count(*) AS audits FROM audits WHERE proof_id = $1
             GROUP BY facet, mask, under, propensity, correct) AS alike
       GROUP BY facet, mask, under`,
      [proofId],
    )
    return rows.map((row) => ({
      ...toGroup(row),
      chosen: row.chosen,
      answers: row.answers.flatMap(({ audits, ...answer }) => Array.from({ length: audits }, () => answer)),
    }))
  }
}
