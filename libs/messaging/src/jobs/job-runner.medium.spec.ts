import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Metrics, SilentTracing } from '@reeltag/platform'
import { joiningPipeline, MessagingFixture, silent } from '../messaging.fixture.js'
import type { StageCompletion, StageTask } from '../stages/stage-task.js'
import { HandlerRegistry } from './handler-registry.js'
import { JobRunner, type JobRunnerParts } from './job-runner.js'

describe('JobRunner', () => {
  let fixture: MessagingFixture
  beforeAll(async () => {
    fixture = await MessagingFixture.open()
  }, 60_000)
  afterAll(() => fixture.close())

  it('gives work back that does not end in time, and lets nothing of it be seen', async () => {
    const contentId = await fixture.accept()
    const { job } = joiningPipeline[0]!
    const handlers = new HandlerRegistry()
    let finishLate: (completion: StageCompletion) => void = () => undefined
    let take: (task: StageTask) => void = () => undefined
    const taken = new Promise<StageTask>((resolve) => (take = resolve))
    const handle = (given: StageTask): Promise<StageCompletion> => {
      take(given)
      return new Promise((resolve) => (finishLate = resolve))
    }
    handlers.add({ definition: job, concurrency: 1, handle })
    // A queue that hands out one job, and waits for its end before it closes, as BullMQ does.
    let ended: Promise<void> = Promise.resolve()
    const queues: Pick<JobRunnerParts['queues'], 'work'> = {
      work: (_queue, _concurrency, run) => {
        ended = run(job.name, { contentId, stage: 'left', attempt: 1 })
        return { close: () => ended }
      },
    }
    const runner = new JobRunner({
      ...{ stages: fixture.stages, queues: queues as JobRunnerParts['queues'], handlers, pipeline: joiningPipeline },
      ...{ logger: silent, metrics: new Metrics(), tracing: new SilentTracing() },
      config: { models: { device: 'cpu' } },
    })
    runner.start()
    const task = await taken
    await runner.stop(100)
    expect(task.signal.aborted).toBe(true)
    expect(await fixture.stageOf(contentId, 'left')).toEqual({ state: 'ready', attempt: 2, failures: 0 })
    finishLate({ output: { late: true } })
    await ended
    expect(await fixture.stageOf(contentId, 'left')).toEqual({ state: 'ready', attempt: 2, failures: 0 })
  })
})
