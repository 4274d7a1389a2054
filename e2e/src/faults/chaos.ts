import { setTimeout as sleep } from 'node:timers/promises'
import { Fleet } from '../fleet.js'
import { runFaultCase, type Outcome } from './fault-case.js'
import { faults, seededRandom } from './random-faults.js'
import { ResultReader } from './result-reader.js'

export interface ChaosOptions {
  readonly minutes: number
  readonly contents: number
  /** The same seed draws the same faults in the same order. */
  readonly seed: number
  readonly say: (line: string) => void
}

const pauseMsMin = 2_000
const pauseMsMax = 12_000

/** Submits contents all the while, and lets one random fault follow the other until the time is over. */
export const chaos = async ({ minutes, contents, seed, say }: ChaosOptions): Promise<Outcome> => {
  const fleet = await Fleet.start({ s3: true })
  const reader = await ResultReader.start(fleet.servers.kafka.address)
  const random = seededRandom(seed)
  const fault = async (): Promise<void> => {
    const end = performance.now() + minutes * 60_000
    for (let number = 1; performance.now() < end; number++) {
      const drawn = faults[Math.floor(random() * faults.length)]
      const left = Math.max(0, Math.round((end - performance.now()) / 1_000))
      say(`${String(number).padStart(4)}  ${drawn?.name.padEnd(24) ?? ''}  ${left} s left`)
      await drawn?.happen(fleet)
      await sleep(pauseMsMin + random() * (pauseMsMax - pauseMsMin))
    }
  }
  try {
    const paceMs = (minutes * 60_000) / contents
    return await runFaultCase(fleet, reader, {
      name: `chaos-${seed}`,
      contents,
      fault,
      paceMs,
      recoverySecondsMax: 300,
    })
  } finally {
    await reader.stop()
    await fleet.close()
  }
}
