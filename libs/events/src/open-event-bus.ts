import type { Config, Database, Logger, Metrics } from '@reeltag/platform'
import { KafkaDeadLetters } from './kafka/kafka-dead-letters.js'
import { KafkaEventBus } from './kafka/kafka-event-bus.js'
import type { DeadLetters } from './bus/dead-letters.js'
import type { EventBus } from './bus/event-bus.js'
import { LocalEventBus } from './bus/local-event-bus.js'
import { LocalReplays } from './bus/local-replays.js'
import { PostgresDeadLetters } from './bus/postgres-dead-letters.js'

interface Parts {
  readonly config: Pick<Config, 'kafka' | 'retention'>
  readonly db: Database
  readonly logger: Logger
  readonly metrics: Metrics
}

/** Kafka where its address is given, this process otherwise; and the replays of dead letters that go with it. */
export const openEventBus = async ({
  config,
  db,
  logger,
  metrics,
}: Parts): Promise<{ bus: EventBus; replays?: LocalReplays }> => {
  const { kafka, retention } = config
  if (kafka !== undefined) {
    return { bus: await KafkaEventBus.open({ config: kafka, ...retention, logger, metrics }) }
  }
  const bus = new LocalEventBus(db, logger, metrics)
  return { bus, replays: new LocalReplays(db, bus) }
}

/**
 * The dead letters of that bus, for whoever administers it.
 * @param openDatabase called only where they are kept there; the database stays the caller's
 */
export const openDeadLetters = async (
  { kafka }: Pick<Config, 'kafka'>,
  logger: Logger,
  openDatabase: () => Promise<Database>,
): Promise<DeadLetters> =>
  kafka === undefined ? new PostgresDeadLetters(await openDatabase()) : new KafkaDeadLetters(kafka, logger)
