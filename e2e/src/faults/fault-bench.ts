import { Fleet, type FleetOptions } from '../fleet.js'
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

  async close(): Promise<void> {
    await this.reader.stop()
    await this.fleet.close()
  }
}
