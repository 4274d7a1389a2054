import { afterAll, it } from '@jest/globals'
import { describeUnless, describeWith } from '@reeltag/testing'
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { useFaultBench } from './use-fault-bench.js'
import { SmallDisk } from './small-disk.js'

const storeAwayMs = 10_000
const diskFullMs = 10_000
/** Where Debian and its kin keep the library that shifts a process's clock. */
const faketime = ['x86_64-linux-gnu', 'aarch64-linux-gnu', '']
  .map((machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`)
  .find((file) => fs.existsSync(file))

describeWith(['redis', 'kafka', 's3'], 'surroundings that fail with 200 contents in flight', () => {
  const disk = SmallDisk.mount()
  const bench = useFaultBench({
    s3: true,
    ...(disk === undefined ? {} : { postgresFolder: `${disk.folder}/home` }),
  })
  afterAll(() => disk?.unmount())

  it('loses and doubles nothing when the blob store resets every connection', async () => {
    const fault = async (): Promise<void> => {
      bench.fleet.servers.s3?.proxy.set('reset')
      await sleep(storeAwayMs)
      bench.fleet.servers.s3?.proxy.set('pass')
    }
    await bench.survives({ name: 'blob-store-errors', fault })
  })

  const noClock = faketime === undefined ? 'libfaketime is not there: install it (Debian: libfaketime)' : undefined
  describeUnless(noClock, 'a clock', () => {
    it.each(['+1h', '-1h'])('loses and doubles nothing when the clock of one service is %s off', async (offset) => {
      const ingest = bench.fleet.service('ingest')
      const fault = async (): Promise<void> => {
        await ingest.stop()
        await ingest.boot({ env: { LD_PRELOAD: faketime ?? '', FAKETIME: offset } })
      }
      await bench.survives({ name: `clock${offset}`, fault })
      await ingest.stop()
      await ingest.boot()
    })
  })

  const noDisk = disk === undefined ? 'this user may not mount a small file system: run the test as root' : undefined
  describeUnless(noDisk, 'a disk', () => {
    it('loses and doubles nothing when the disk of Postgres is full and then freed', async () => {
      const fault = async (): Promise<void> => {
        disk?.fill()
        await sleep(diskFullMs)
        disk?.free()
        // Without room for its log Postgres ends itself; whoever supervises it starts it again.
        await bench.fleet.servers.postgres.kill()
        await bench.fleet.servers.postgres.start()
      }
      await bench.survives({ name: 'postgres-disk-full', fault })
    })
  })
})
