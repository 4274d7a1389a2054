import { pipeline, type QueueView } from '@reeltag/contracts'
import { QueueHolds, QueueOverview, Queues, type QueueHoldState } from '@reeltag/pipeline'
import { createLogger, type Config } from '@reeltag/platform'
import { namedArguments } from '../arguments/arguments.js'
import { withDatabase } from './with-database.js'

export const queueUsage = `  queues list
  queues pause|resume|drain <queue>`

type Print = (line: string) => void

const list = (config: Config, _: string[], print: Print): Promise<void> =>
  withDatabase(config, async (db, url) => {
    const queues = await Queues.open(config.queues, url, createLogger({ level: 'silent' }))
    try {
      const overview = new QueueOverview(db, queues, new QueueHolds(db, pipeline), pipeline, config.queues)
      for (const view of await overview.read()) print(lineOf(view))
    } finally {
      await queues.close()
    }
  })

const lineOf = ({ queue, state, stages, oldestAgeSeconds, jobs, rate }: QueueView): string => {
  const known = Object.entries(stages).map(([name, n]) => `${name}=${n}`)
  const held = jobs === null ? 'jobs=unknown' : Object.entries(jobs).map(([name, n]) => `jobs.${name}=${n}`)
  const oldest = `oldest=${oldestAgeSeconds === null ? '-' : `${Math.round(oldestAgeSeconds)}s`}`
  const limit = `rate=${rate === null ? '-' : `${rate.max}/${rate.durationMs}ms`}`
  return [queue, state, ...known, oldest, limit].concat(held).join('\t')
}

const hold =
  (state: QueueHoldState | 'running') =>
  (config: Config, args: string[], print: Print): Promise<void> => {
    const { queue } = namedArguments(args, ['queue'])
    return withDatabase(config, async (db) => {
      await new QueueHolds(db, pipeline).set(queue, state)
      print(`${queue}\t${state}`)
    })
  }

export const queueCommands = {
  'queues list': list,
  'queues pause': hold('paused'),
  'queues resume': hold('running'),
  'queues drain': hold('drained'),
}
