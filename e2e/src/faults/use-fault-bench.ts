import { afterAll, beforeAll } from '@jest/globals'
import type { Fleet, FleetOptions } from '../fleet.js'
import { FaultBench } from './fault-bench.js'
import type { FaultCase } from './fault-case.js'

/** What the faults of one suite share. */
export interface SharedBench {
  readonly fleet: Fleet
  survives(faultCase: FaultCase): Promise<void>
}

/** Opens a bench before the faults of the suite that calls it, and closes it behind them. */
export const useFaultBench = (options: FleetOptions = {}): SharedBench => {
  let bench: FaultBench
  beforeAll(async () => {
    bench = await FaultBench.open(options)
  })
  afterAll(() => bench.close())
  return {
    get fleet() {
      return bench.fleet
    },
    survives: (faultCase) => bench.survives(faultCase),
  }
}
