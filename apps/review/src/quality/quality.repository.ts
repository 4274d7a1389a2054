import { Injectable } from '@nestjs/common'
import type { ChosenTag, ReviewQuality } from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import { answerOf } from '../verdicts/opinions.js'
import { agreementOf, kappaOf, type DoubleReview } from './agreement.js'

interface ReviewerRow {
  readonly who: string
  readonly verdicts: number
  readonly skipped: number
  readonly escalated: number
  readonly undone: number
  readonly seconds: number | null
  readonly median: number | null
  readonly overridden: number
}

interface PairRow {
  readonly one: string
  readonly other: string
  readonly said: readonly [ChosenTag[], ChosenTag[]]
}

const confusedMax = 20
/** Whoever takes longer was away. */
const workedSecondsMax = 600
const recent = `workspace_id = $1 AND at > now() - $2 * interval '1 day'`
const decides = `action NOT IN ('skip', 'escalate')`

/** What reviewers did, from their verdicts. */
@Injectable()
export class QualityRepository {
  constructor(private readonly db: Database) {}

  async of(workspaceId: string, days: number): Promise<ReviewQuality> {
    const [reviewers, pairs, confused] = await Promise.all([
      this.reviewers(workspaceId, days),
      this.doubleReviews(workspaceId, days),
      this.confused(workspaceId, days),
    ])
    const agreed = pairs.filter(({ answers: [one, other] }) => one === other).length
    return {
      days,
      reviewers: reviewers.map(({ seconds, median, overridden, ...row }) => ({
        ...row,
        perHour: seconds === null || seconds === 0 ? null : (row.verdicts * 3_600) / seconds,
        medianSeconds: median,
        overrideRate: row.verdicts === 0 ? null : overridden / row.verdicts,
      })),
      agreement: agreementOf(pairs),
      doubleReviewed: pairs.length,
      agreementRate: pairs.length === 0 ? null : agreed / pairs.length,
      kappa: kappaOf(pairs) ?? null,
      confused,
    }
  }

  /** Of several items that were claimed at once, each begins when the one before was decided. */
  private reviewers(workspaceId: string, days: number): Promise<ReviewerRow[]> {
    return this.db.query<ReviewerRow>(
      `SELECT who, (count(*) FILTER (WHERE ${decides} AND state <> 'undone'))::int AS verdicts,
         (count(*) FILTER (WHERE action = 'skip'))::int AS skipped,
         (count(*) FILTER (WHERE action = 'escalate'))::int AS escalated,
         (count(*) FILTER (WHERE state = 'undone'))::int AS undone,
         sum(least(seconds, ${workedSecondsMax})) FILTER (WHERE ${decides} AND state <> 'undone') AS seconds,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE ${decides}) AS median,
         (count(*) FILTER (WHERE ${decides} AND state <> 'undone'
           AND NOT (tags @> suggested AND suggested @> tags)))::int AS overridden
       FROM (
         SELECT who, action, state, tags, suggested,
           extract(epoch FROM at - greatest(claimed_at, lag(at) OVER (PARTITION BY who ORDER BY at)))::float8 AS seconds
         FROM review_verdicts WHERE ${recent}) v
       GROUP BY who ORDER BY verdicts DESC, who`,
      [workspaceId, days],
    )
  }

  /** The first two opinions of each item. A lead who settles it has seen both. */
  private async doubleReviews(workspaceId: string, days: number): Promise<DoubleReview[]> {
    const rows = await this.db.query<PairRow>(
      `SELECT said[1]->>'who' AS one, said[2]->>'who' AS other, jsonb_build_array(said[1]->'tags', said[2]->'tags') AS said
       FROM (
         SELECT array_agg(jsonb_build_object('who', who, 'tags', tags) ORDER BY at, id) AS said
         FROM review_verdicts WHERE ${recent} AND ${decides} AND state <> 'undone' GROUP BY item_id HAVING count(*) > 1) v`,
      [workspaceId, days],
    )
    return rows.map(({ one, other, said: [first, second] }) => ({
      one,
      other,
      answers: [answerOf(first), answerOf(second)],
    }))
  }

  private confused(workspaceId: string, days: number): Promise<ReviewQuality['confused']> {
    return this.db.query(
      `SELECT s->>'facet' AS facet, s->>'path' AS suggested, t.path AS said, count(*)::int AS count
       FROM review_verdicts v CROSS JOIN LATERAL jsonb_array_elements(v.suggested) s
         LEFT JOIN LATERAL (
           SELECT t->>'path' AS path FROM jsonb_array_elements(v.tags) t
           WHERE t->>'facet' = s->>'facet' AND NOT v.suggested @> jsonb_build_array(t)) t ON true
       WHERE ${recent} AND ${decides} AND v.state <> 'undone' AND NOT v.tags @> jsonb_build_array(s)
       GROUP BY 1, 2, 3 ORDER BY count DESC, facet, suggested LIMIT ${confusedMax}`,
      [workspaceId, days],
    )
  }
}
