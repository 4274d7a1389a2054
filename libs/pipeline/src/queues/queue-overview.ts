import type { Pipeline, QueueView } from '@reeltag/contracts'
import type { Config, Database } from '@reeltag/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import type { QueueHolds } from './queue-holds.js'
import type { Queues } from './queues.js'

interface StageCount {
  stage: string
  state: keyof QueueView['stages']
  n: number
  age: number | null
}

const answerMsMax = 3_000

// One part for each state, because each has an index of its own. Finished stages, which are nearly all, are never read.
const countWaiting = (state: 'ready' | 'queued'): string =>
  `SELECT stage, '${state}' AS state, count(*)::int AS n, extract(epoch FROM now() - min(ready_at))::float8 AS age
   FROM stages WHERE state = '${state}' GROUP BY stage`
const countOther = (state: 'running' | 'failed'): string =>
  `SELECT stage, '${state}', count(*)::int, NULL FROM stages WHERE state = '${state}' GROUP BY stage`
const countStages = [countWaiting('ready'), countWaiting('queued'), countOther('running'), countOther('failed')].join(
  ' UNION ALL ',
)

/** The queues for an operator: the state in Postgres, and that in the store of the queues. */
export class QueueOverview {
  constructor(
    private readonly db: Database,
    private readonly queues: Queues,
    private readonly holds: QueueHolds,
    private readonly pipeline: Pipeline,
    private readonly settings: Pick<Config['queues'], 'concurrency' | 'rates'>,
  ) {}

  /** In the order of the pipeline. */
  async read(): Promise<QueueView[]> {
    const names = [...new Set(this.pipeline.map(({ job }) => job.queue))]
    const [counts, holds, jobs] = await Promise.all([
      this.db.query<StageCount>(countStages),
      this.holds.all(),
      Promise.all(names.map((name) => this.jobsOf(name))),
    ])
    return names.map((queue, index) => {
      const hold = holds.find((it) => it.queue === queue)
      const mine = new Set(this.pipeline.filter(({ job }) => job.queue === queue).map(({ stage }) => stage))
      return {
        queue,
        state: hold?.state ?? 'running',
        since: hold?.since.toISOString() ?? null,
        ...summary(counts.filter(({ stage }) => mine.has(stage))),
        jobs: jobs[index] ?? null,
        concurrency: this.settings.concurrency[queue] ?? null,
        rate: this.settings.rates[queue] ?? null,
      }
    })
  }

  private async jobsOf(name: string): Promise<QueueView['jobs']> {
    try {
      const { waiting, prioritized, delayed, active } = await Promise.race([this.queues.counts(name), tooLate()])
      return { waiting, prioritized, delayed, active }
    } catch {
      // An unavailable store is reported as such. Postgres has the true state.
      return null
    }
  }
}

const tooLate = async (): Promise<never> => {
  await sleep(answerMsMax, undefined, { ref: false })
  throw new Error('the store does not answer')
}

const summary = (counts: readonly StageCount[]): Pick<QueueView, 'stages' | 'oldestAgeSeconds'> => {
  const stages = { ready: 0, queued: 0, running: 0, failed: 0 }
  for (const { state, n } of counts) stages[state] += n
  const ages = counts.flatMap(({ age }) => age ?? [])
  return { stages, oldestAgeSeconds: ages.length === 0 ? null : Math.max(0, ...ages) }
}
