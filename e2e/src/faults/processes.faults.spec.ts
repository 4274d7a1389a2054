import { it } from '@jest/globals'
import { serviceNames } from '@reeltag/contracts'
import { describeWith, until } from '@reeltag/testing'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fleet } from '../fleet.js'
import { useFaultBench } from './use-fault-bench.js'

/** A lease is 15 s; the reaper looks every two. */
const leaseSecondsMax = 60
/** Longer than anybody waits for a leader or a lease. */
const frozenMs = 20_000
const settleMs = 1_000

/** How many classify stages somebody finished who had not begun them first. */
const takenOver = async ({ db }: Fleet): Promise<number> => {
  const [row] = await db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM stages WHERE stage = 'classify' AND lapses > 0 AND state = 'done'`,
  )
  return row?.n ?? 0
}

/** Stops a process while it holds classify stages of contents: one that is frozen between two has no lease to lose. */
const freezeAtWork = async (fleet: Fleet): Promise<void> => {
  const { db } = fleet
  const fusion = fleet.service('fusion')
  await until('fusion is frozen with a stage in its hands', leaseSecondsMax, async () => {
    fusion.signal('SIGSTOP')
    // What it had already sent to Postgres is committed meanwhile.
    await sleep(settleMs)
    const [row] = await db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM stages WHERE stage = 'classify' AND state = 'running'`,
    )
    if ((row?.n ?? 0) > 0) return true
    fusion.signal('SIGCONT')
    return undefined
  })
}

const preload = (name: string): string => path.join(import.meta.dirname, 'misbehaviour', `${name}.js`)

describeWith(['redis', 'kafka'], 'processes that fail with 200 contents in flight', () => {
  const bench = useFaultBench()

  it.each(serviceNames)('loses and doubles nothing when %s freezes, also where it led the relay', async (name) => {
    const fault = async (): Promise<void> => {
      bench.fleet.service(name).signal('SIGSTOP')
      await sleep(frozenMs)
      bench.fleet.service(name).signal('SIGCONT')
    }
    await bench.survives({ name: `freeze-${name}`, fault })
  })

  it('doubles nothing when every job and every event is delivered twice', async () => {
    const all = bench.fleet.processes
    const reboot = async (options: { preload?: string }): Promise<void> => {
      await Promise.all(all.map(async (process) => (await process.stop(), process.boot(options))))
    }
    await reboot({ preload: preload('deliver-twice') })
    await bench.survives({ name: 'everything-twice', fault: () => Promise.resolve() })
    await reboot({})
  })

  it('doubles nothing when a lease is stolen while its worker is blocked', async () => {
    const fusion = bench.fleet.service('fusion')
    const fault = async (): Promise<void> => {
      // Frozen in the middle of its work, the first one cannot renew; the second takes over; then the first wakes.
      const before = await takenOver(bench.fleet)
      await freezeAtWork(bench.fleet)
      const second = await bench.fleet.startAnother('fusion')
      const stolen = async (): Promise<true | undefined> => ((await takenOver(bench.fleet)) > before ? true : undefined)
      await until('a lease ran out and another finished', leaseSecondsMax, stolen)
      fusion.signal('SIGCONT')
      await second.remove()
    }
    await bench.survives({ name: 'lease-stolen', fault })
  })
})
