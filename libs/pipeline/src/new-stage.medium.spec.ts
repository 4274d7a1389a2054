import { Injectable, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { defineStage, type Pipeline } from '@reeltag/contracts'
import { Health, loadConfig, Metrics, SilentTracing } from '@reeltag/platform'
import 'reflect-metadata'
import { z } from 'zod'
import { OnJob } from './jobs/on-job.decorator.js'
import { PipelineFixture, noBlobs, silent } from './pipeline.fixture.js'
import { HandlersModule, RuntimeModule } from './runtime.module.js'
import { createRuntime, type Runtime } from './runtime.js'
import type { FinishedStage, StageTask } from './stages/stage-task.js'

const place = (stage: string) => ({ stage, job: `fusion.${stage}`, service: 'fusion', queue: stage })

const detect = defineStage({
  ...place('detect-language'),
  of: 'text',
  needs: [],
  output: z.object({ language: z.string() }),
})
const conclude = defineStage({
  ...place('conclude'),
  needs: ['detect-language'],
  output: z.object({ heard: z.string() }),
})
const pipeline: Pipeline = [detect, conclude]

let flaky = 2

@Injectable()
class LanguageJobs {
  @OnJob(detect)
  detect({ submission }: StageTask): Promise<FinishedStage> {
    if (flaky-- > 0) throw new Error('not yet')
    return Promise.resolve({ output: { language: submission.language } })
  }

  @OnJob(conclude)
  conclude({ outputs }: StageTask): Promise<FinishedStage> {
    const { language } = detect.job.output.parse(outputs['detect-language'])
    return Promise.resolve({ output: { heard: language }, contentState: 'published', durable: true })
  }
}

describe('a new stage', () => {
  let fixture: PipelineFixture
  let runtime: Runtime
  beforeAll(async () => {
    fixture = await PipelineFixture.open(pipeline)
    const { db, url: connectionString } = fixture
    const config = { ...loadConfig({}), services: ['fusion'] }
    const rest = {
      logger: silent,
      metrics: new Metrics(),
      health: new Health(),
      blobs: await noBlobs(db),
    }
    const tracing = new SilentTracing()
    runtime = await createRuntime({ config, connectionString, db, tracing, ...rest }, { pipeline })
  })
  afterAll(async () => {
    await runtime.stop(10_000)
    await fixture.close()
  })

  it('is refused at start while a job of it has no handler', () => {
    const message = expect.stringMatching(
      /no handler for fusion\.detect-language; write one in apps\/fusion\/src\/[^]*@OnJob\(detectLanguage\)/,
    )
    const refusal = { code: 'HANDLER_MISSING', message }
    expect(() => runtime.start()).toThrow(expect.objectContaining(refusal))
  })

  it('runs with one declaration and one handler, and survives a handler that fails twice', async () => {
    @Module({ imports: [RuntimeModule.forRoot(runtime), HandlersModule], providers: [LanguageJobs] })
    class TestModule {}
    const app = await NestFactory.createApplicationContext(TestModule, { logger: false })
    runtime.start()
    const id = await fixture.accept({ video: null })
    const deadline = performance.now() + 20_000
    while ((await fixture.contentOf(id))?.state === 'processing' && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(await fixture.contentOf(id)).toMatchObject({ state: 'published', revision: 1 })
    expect(await fixture.stageOf(id, 'detect-language')).toMatchObject({ state: 'done', attempt: 3, failures: 2 })
    await app.close()
  })

  it('is refused where a job has two handlers', () => {
    const handler = { definition: detect.job, concurrency: 1, handle: () => Promise.reject(new Error('never called')) }
    const refusal = { code: 'HANDLER_MISSING', message: expect.stringMatching(/two handlers/) }
    expect(() => runtime.handlers.add(handler)).toThrow(expect.objectContaining(refusal))
  })
})
