import type { Pipeline } from '@reeltag/contracts'
import { settlesWithin } from '@reeltag/platform'
import type { Database, Logger, Metrics } from '@reeltag/platform'
import type { Queues } from '../queues/queues.js'

type Gauge = ReturnType<Metrics['gauge']>

/** Counting stops here, so that measuring a backlog does not slow it down. */
const countMax = 10_000
/** Older figures are dropped, because another process may lead by now. */
const staleMs = 30_000
const queuesMsMax = 2_000

const upToMax = (from: string): string =>
  `(SELECT count(*)::int FROM (SELECT 1 FROM ${from} LIMIT ${countMax}) counted)`

export interface PipelineMetricsParts {
  readonly metrics: Metrics
  readonly db: Pick<Database, 'query'>
  readonly queues: Pick<Queues, 'counts'>
  readonly pipeline: Pipeline
  readonly logger: Logger
}

interface Waiting {
  readonly unpublished: number
  readonly unpublished_age: number
  readonly ready: number
  readonly queued: number
  readonly running: number
  readonly processing: number
  readonly processing_age: number
}

const waitingSql = `SELECT
  ${upToMax('outbox WHERE published_at IS NULL')} AS unpublished,
  coalesce((SELECT extract(epoch FROM now() - created_at) FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT 1), 0)::float8
    AS unpublished_age,
  ${upToMax(`stages WHERE state = 'ready'`)} AS ready,
  ${upToMax(`stages WHERE state = 'queued'`)} AS queued,
  ${upToMax(`stages WHERE state = 'running'`)} AS running,
  ${upToMax(`contents WHERE state = 'processing'`)} AS processing,
  coalesce((SELECT extract(epoch FROM now() - updated_at) FROM contents WHERE state = 'processing' ORDER BY updated_at LIMIT 1), 0)::float8
    AS processing_age`

/**
 * What waits in the whole platform, measured only by the leading process. A scrape costs the database nothing, and
 * counting stops at ten thousand.
 */
export class PipelineMetrics {
  private readonly gauges
  private measuredAt = Number.NEGATIVE_INFINITY

  constructor(private readonly parts: PipelineMetricsParts) {
    const { metrics } = parts
    const gauge = (name: string, help: string, labels: readonly string[] = []): Gauge =>
      metrics.gauge(name, `${help}; from the leading process`, labels, (it) => Promise.resolve(this.forgetStale(it)))
    this.gauges = {
      unpublished: gauge('reeltag_outbox_unpublished', 'Events that wait for the relay, up to 10000'),
      unpublishedAge: gauge('reeltag_outbox_oldest_age_seconds', 'Age of the oldest event that waits'),
      stages: gauge('reeltag_stages', 'Stages that are ready, queued or running, up to 10000 each', ['state']),
      processing: gauge('reeltag_contents_processing', 'Contents without a result yet, up to 10000'),
      processingAge: gauge('reeltag_contents_oldest_processing_seconds', 'Time since the oldest of them was taken in'),
      jobs: gauge('bullmq_job_count', 'Jobs of a queue', ['queue', 'state']),
    }
  }

  /** Called by the leader every few seconds. What cannot be measured is left out. */
  async measure(): Promise<void> {
    const away = (gauges: readonly Gauge[]) => (error: unknown) => {
      this.parts.logger.debug({ err: error }, 'what waits could not be measured')
      for (const gauge of gauges) gauge.reset()
    }
    const { jobs, ...fromDatabase } = this.gauges
    await this.measureDatabase().catch(away(Object.values(fromDatabase)))
    await this.measureQueues().catch(away([jobs]))
    this.measuredAt = performance.now()
  }

  private async measureDatabase(): Promise<void> {
    const [row] = await this.parts.db.query<Waiting>(waitingSql)
    if (row === undefined) return
    const { unpublished, unpublishedAge, stages, processing, processingAge } = this.gauges
    unpublished.set(row.unpublished)
    unpublishedAge.set(row.unpublished_age)
    for (const state of ['ready', 'queued', 'running'] as const) stages.set({ state }, row[state])
    processing.set(row.processing)
    processingAge.set(row.processing_age)
  }

  private async measureQueues(): Promise<void> {
    const { pipeline, queues } = this.parts
    const names = [...new Set(pipeline.map(({ job }) => job.queue))]
    const counting = Promise.all(names.map(async (queue) => ({ queue, counts: await queues.counts(queue) })))
    // An unavailable store may never answer, and the leader has other work to do.
    if (!(await settlesWithin(queuesMsMax, counting))) throw new Error(`no answer within ${queuesMsMax} ms`)
    for (const { queue, counts } of await counting) {
      for (const [state, count] of Object.entries(counts)) this.gauges.jobs.set({ queue, state }, count)
    }
  }

  private forgetStale(gauge: Gauge): void {
    if (performance.now() - this.measuredAt > staleMs) gauge.reset()
  }
}
