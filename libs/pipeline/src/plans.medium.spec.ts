import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ReeltagError, pipeline } from '@reeltag/contracts'
import { Metrics, SilentTracing, newId, openBlobs } from '@reeltag/platform'
import { openFilledDatabase, type ExplainingDatabase, type FilledDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { EventRelay, Inbox, Outbox } from '@reeltag/events'
import { QueueHolds } from './queues/queue-holds.js'
import type { Queues } from './queues/queues.js'
import { silent } from './pipeline.fixture.js'
import { Housekeeper } from './leading/housekeeper.js'
import { JobRelay } from './leading/job-relay.js'
import { QueueKeeper } from './leading/queue-keeper.js'
import { Reaper } from './leading/reaper.js'
import { Rerunner } from './reruns/rerunner.js'
import { Reruns } from './reruns/reruns.js'
import { PredictionScores } from './scores/prediction-scores.js'
import { StageStore } from './stages/stage.store.js'

const contents = 20_000

/** Tables that stay small whatever goes through the platform. */
const small = new Set(['workspaces', 'queue_holds', 'queue_stores', 'shared_stores', 'reruns', 'dead_letters'])

describe('plans of the bookkeeping on a filled database', () => {
  let filled: FilledDatabase
  let db: ExplainingDatabase
  let workspaceId: string
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-plans-'))
  beforeAll(async () => {
    filled = await openFilledDatabase(contents)
    ;({ db, workspaceId } = filled)
  })
  afterAll(async () => {
    await filled.close()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const scans = () => db.scans.filter(({ table }) => !small.has(table))
  const newContent = () => ({
    id: newId(),
    workspaceId,
    externalId: newId(),
    pack: 'starter/2.0.0',
    traceparent: null,
    submission: { title: '小猫', language: 'zh' as const },
    video: { sha256: '0'.repeat(64), bytes: 1 },
    inputHash: 'h',
  })

  it('never reads a whole table on the way of a content', async () => {
    const stages = new StageStore(db, new Outbox(), pipeline)
    const relay = new JobRelay(db, { add: () => Promise.resolve() } as unknown as Queues, pipeline)
    const accepted = Array.from({ length: 40 }, newContent)
    await Promise.all(accepted.map((content) => stages.accept(content)))
    await relay.work()
    const begin = async (contentId: string, stage: string) => {
      const begun = await stages.begin({ contentId, stage, attempt: 1 }, 15)
      if (begun === undefined) throw new Error(`${stage} could not be begun`)
      return { ...begun, signal: new AbortController().signal, logger: silent }
    }
    for (const stage of ['sample-frames', 'embed-text', 'embed-frames', 'classify']) {
      const tasks = await Promise.all(accepted.map(({ id }) => begin(id, stage)))
      await stages.renew(tasks.map((task) => ({ ...task, leaseSeconds: 15 })))
      const [bad, ...good] = tasks
      const conclusion = stage === 'classify' ? { contentState: 'published' as const } : {}
      if (stage === 'classify' && bad !== undefined)
        await stages.fail(bad, pipeline[0]!.job, new ReeltagError('INTERNAL', 'x'))
      else if (bad !== undefined) good.push(bad)
      await Promise.all(good.map((task) => stages.finish(task, { output: {}, ...conclusion })))
      await relay.work()
    }
    await stages.restart(accepted[1]?.id ?? '', { pack: 'starter/2.0.0' })
    expect(scans()).toEqual([])
    expect(db.explained).toBeGreaterThan(20)
  })

  it('never reads a whole table to publish, to take, to mend and to tidy', async () => {
    const bus = { publish: () => Promise.resolve() }
    const relay = new EventRelay({ db, bus, logger: silent, metrics: new Metrics(), tracing: new SilentTracing() })
    await relay.work()
    await new Inbox(db).once('review', { id: newId(), subject: newId() }, () => Promise.resolve())
    await new Reaper(db, new Outbox(), pipeline, silent).work()
    await new Housekeeper(
      db,
      await openBlobs({ address: { kind: 'folder', folder }, spoolFolder: folder }, db),
      { eventsKeptDays: 30, scoresKeptDays: 90 },
      silent,
    ).work()
    expect(scans()).toEqual([])
  })

  it('never reads a whole table to read scores batch by batch, from the beginning or from a time', async () => {
    const scores = new PredictionScores(db)
    const [first] = await scores.read(workspaceId, { limit: 1 })
    const after = first?.predictionId ?? ''
    for (const wanted of [
      {},
      { after },
      { after, pack: 'starter/2.0.0' },
      { since: new Date() },
      { after, visible: true },
    ])
      await scores.read(workspaceId, { ...wanted, limit: 100 })
    await scores.of(workspaceId, first?.contentId ?? '')
    expect(scans()).toEqual([])
  })

  it('never reads a whole table to hold a queue, to add its jobs again, and to tag again batch by batch', async () => {
    const done = () => Promise.resolve()
    const queues = { incarnation: () => Promise.resolve(newId()), hold: done, empty: done } as unknown as Queues
    const holds = new QueueHolds(db, pipeline)
    await holds.set('vision', 'drained')
    const keeper = new QueueKeeper(db, queues, holds, pipeline, silent)
    await keeper.begin()
    await keeper.work()
    await holds.set('vision', 'running')
    await keeper.work()
    const reruns = new Reruns(db, pipeline)
    const before = db.scans.length
    const begun = [
      await reruns.start(workspaceId, { contents: 'missing' }),
      await reruns.start(workspaceId, { contents: 'failed' }),
    ]
    // Counting a workspace once is the one thing that reads all of it.
    db.scans.length = before
    const rerunner = new Rerunner(db, pipeline, silent)
    for (let turn = 0; turn < 3; turn++) await rerunner.work()
    const examined = (await reruns.list(workspaceId, 20, undefined)).map((rerun) => rerun.examined)
    expect(Math.max(...examined)).toBeGreaterThan(0)
    for (const { id } of begun) await reruns.stop(workspaceId, id)
    expect(scans()).toEqual([])
  })
})
