import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Metrics } from '@reeltag/platform'
import { joiningPipeline, PipelineFixture, silent } from '../pipeline.fixture.js'
import { PipelineMetrics } from './pipeline-metrics.js'

describe('what waits', () => {
  let fixture: PipelineFixture
  beforeAll(async () => {
    fixture = await PipelineFixture.open()
  })
  afterAll(() => fixture.close())

  const counts = { waiting: 3, prioritized: 2, delayed: 0, active: 1, failed: 0 }
  const measuring = (metrics: Metrics, queues = { counts: () => Promise.resolve(counts) }) =>
    new PipelineMetrics({ metrics, db: fixture.db, queues, pipeline: joiningPipeline, logger: silent })

  it('is told by the process that leads, and by no other', async () => {
    await fixture.accept()
    const [leading, following] = [new Metrics(), new Metrics()]
    await measuring(leading).measure()
    measuring(following)
    const text = await leading.registry.metrics()
    expect(text).toMatch(/^reeltag_outbox_unpublished 1$/m)
    expect(text).toMatch(/^reeltag_stages\{state="ready"\} 2$/m)
    expect(text).toMatch(/^reeltag_contents_processing 1$/m)
    expect(text).toMatch(/^bullmq_job_count\{queue="left",state="prioritized"\} 2$/m)
    expect(await following.registry.metrics()).not.toMatch(/^(reeltag_stages|bullmq_job_count)\{/m)
  })

  it('is counted up to ten thousand, and quickly, however much there is', async () => {
    await fixture.db.query(
      `INSERT INTO outbox (event_id, name, source, workspace_id, content_id, data)
       SELECT gen_random_uuid(), 'x', '/x', gen_random_uuid(), gen_random_uuid(), '{}' FROM generate_series(1, 20000)`,
    )
    const metrics = new Metrics()
    await measuring(metrics).measure()
    expect(await metrics.registry.metrics()).toMatch(/^reeltag_outbox_unpublished 10000$/m)
  })

  it('leaves out what is away, and tells the rest', async () => {
    const metrics = new Metrics()
    await measuring(metrics, { counts: () => Promise.reject(new Error('no queue server')) }).measure()
    const text = await metrics.registry.metrics()
    expect(text).toContain('# HELP bullmq_job_count')
    expect(text).not.toMatch(/^bullmq_job_count\{/m)
    expect(text).toMatch(/^reeltag_contents_processing \d/m)
  })
})
