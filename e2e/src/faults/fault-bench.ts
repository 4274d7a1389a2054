import { expect } from '@jest/globals'
import { Fleet, type FleetOptions } from '../fleet.js'
import { runFaultCase, type FaultCase } from './fault-case.js'
import { ResultReader } from './result-reader.js'

/** A fleet and a reader of its results; what was opened before a set-up failed is closed again. */
export class FaultBench {
  private constructor(
    readonly fleet: Fleet,
    readonly reader: ResultReader,
  ) {}

  static async open(options: FleetOptions = {}): Promise<FaultBench> {
    const fleet = await Fleet.start(options)
    try {
      return new FaultBench(fleet, await ResultReader.start(fleet.servers.kafka.address))
    } catch (error) {
      await fleet.close()
      throw error
    }
  }

  /** With 200 contents in flight: all of them end well, are told of once, and are put before people once. */
  async survives(faultCase: FaultCase): Promise<void> {
    const outcome = await runFaultCase(this.fleet, this.reader, faultCase)
    expect(outcome).toMatchObject({ accepted: 200, terminal: 200, failed: 0, lost: 0, doubled: 0 })
    // Without any the review items would add up to nothing, whatever became of them.
    expect(outcome.inReview).toBeGreaterThan(0)
  }

  async close(): Promise<void> {
    await this.reader.stop()
    await this.fleet.close()
  }
}
