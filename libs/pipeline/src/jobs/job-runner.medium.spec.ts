import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { JobDefinition } from '@reeltag/contracts'
import { Metrics, SilentTracing } from '@reeltag/platform'
import { z } from 'zod'
import { joiningPipeline, PipelineFixture, silent } from '../pipeline.fixture.js'
import type { FinishedStage, StageTask } from '../stages/stage-task.js'
import { HandlerRegistry, type JobHandler } from './handler-registry.js'
import { JobRunner, type JobRunnerParts } from './job-runner.js'

describe('JobRunner', () => {
  let fixture: PipelineFixture
  beforeAll(async () => {
    fixture = await PipelineFixture.open()
  })
  afterAll(() => fixture.close())

  const { job } = joiningPipeline[0]!
  /** A runner whose queue hands out one job, and waits for its end before it closes, as BullMQ does. */
  const runnerOf = (contentId: string, definition: JobDefinition, handle: JobHandler['handle']) => {
    const handlers = new HandlerRegistry()
    handlers.add({ definition, concurrency: 1, handle })
    let ended: Promise<void> = Promise.resolve()
    const queues: Pick<JobRunnerParts['queues'], 'work'> = {
      work: (_queue, _concurrency, run) => {
        ended = run(definition.name, { contentId, stage: 'left', attempt: 1 })
        return { close: () => ended }
      },
    }
    const runner = new JobRunner({
      stages: fixture.stages,
      queues: queues as JobRunnerParts['queues'],
      handlers,
      logger: silent,
      metrics: new Metrics(),
      tracing: new SilentTracing(),
      deviceOf: () => 'cpu',
    })
    return { runner, ended: () => ended }
  }

  it('gives work back that does not end in time, and lets nothing of it be seen', async () => {
    const contentId = await fixture.accept()
    let finishLate: (finished: FinishedStage) => void = () => undefined
    let take: (task: StageTask) => void = () => undefined
    const taken = new Promise<StageTask>((resolve) => (take = resolve))
    const handle = (given: StageTask): Promise<FinishedStage> => {
      take(given)
      return new Promise((resolve) => (finishLate = resolve))
    }
    const { runner, ended } = runnerOf(contentId, job, handle)
    runner.start()
    const task = await taken
    await runner.stop(100)
    expect(task.signal.aborted).toBe(true)
    expect(await fixture.stageOf(contentId, 'left')).toEqual({ state: 'ready', attempt: 2, failures: 0 })
    finishLate({ output: { late: true } })
    await ended()
    expect(await fixture.stageOf(contentId, 'left')).toEqual({ state: 'ready', attempt: 2, failures: 0 })
  })

  it('stores no output that readers could not parse', async () => {
    const contentId = await fixture.accept()
    const definition = { ...job, output: z.object({ frames: z.number() }) }
    const { runner, ended } = runnerOf(contentId, definition, () => Promise.resolve({ output: { frames: 'four' } }))
    runner.start()
    await ended()
    await runner.stop(1_000)
    expect(await fixture.stageOf(contentId, 'left')).toMatchObject({ state: 'ready', attempt: 2, failures: 1 })
  })
})
