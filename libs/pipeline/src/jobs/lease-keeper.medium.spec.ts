import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '@reeltag/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { joiningPipeline, PipelineFixture, silent } from '../pipeline.fixture.js'
import { Reaper } from '../leading/reaper.js'
import { LeaseKeeper } from './lease-keeper.js'

const leaseSeconds = 10

describe('the leases of a worker', () => {
  let fixture: PipelineFixture
  let keeper: LeaseKeeper
  let reaper: Reaper
  beforeAll(async () => {
    fixture = await PipelineFixture.open()
    keeper = new LeaseKeeper(fixture.stages, silent)
    reaper = new Reaper(fixture.db, fixture.outbox, joiningPipeline, silent)
  })
  afterAll(async () => {
    keeper.close()
    await fixture.close()
  })

  it('are kept for as long as it works, and its work is called off when one was taken away', async () => {
    const key = { contentId: await fixture.accept(), stage: 'left', attempt: 1 }
    await fixture.stages.begin(key, leaseSeconds)
    const lease = keeper.hold(key, leaseSeconds)
    const kept = { state: 'running', attempt: 1, failures: 0 }
    // Half as long again as the lease that it was begun with.
    for (let looked = 0; looked < 1.5 * leaseSeconds; looked++) {
      await sleep(1_000)
      await reaper.work()
      expect(await fixture.stageOf(key.contentId, 'left')).toEqual(kept)
    }
    expect(lease.signal.aborted).toBe(false)
    const lapse = `UPDATE stages SET attempt = 2 WHERE content_id = $1 AND stage = 'left'`
    await fixture.db.query(lapse, [key.contentId])
    await until('it is called off', 30, () => lease.signal.aborted)
    lease.release()
  })
})
