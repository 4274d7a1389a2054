import type { EventEnvelope, ReeltagError, ServiceName } from '@reeltag/contracts'

/** Hands an event to the handler of one consumer; rejects where the handler failed. */
export type Deliver = (event: EventEnvelope) => Promise<void>

export interface Subscription {
  readonly consumer: ServiceName
  readonly names: ReadonlySet<string>
  readonly deliver: Deliver
}

/**
 * Carries events from the relay to consumers, at least once and in order per content and event name. An event that a
 * consumer fails on every time becomes a dead letter and does not hold up the ones behind it. Kafka where
 * `KAFKA_BROKERS` names it, this process otherwise.
 */
export interface EventBus {
  /** Whether this process may relay: events must reach the consumers from here. */
  readonly relaysHere: boolean
  /** Whether a consumer of this process waits for events. */
  readonly consumesHere: boolean
  /** Settles when consuming has stopped for good, so that only a new process can resume it. */
  readonly died: Promise<ReeltagError>
  /** Names where events go; undefined while that is not known, because it is away. */
  identity(): Promise<string | undefined>
  /** Registers a consumer; before `start`. */
  subscribe(consumer: ServiceName, names: readonly string[], deliver: Deliver): void
  start(): void
  /**
   * @returns once every event is stored where consumers will find it. After a failure, any part of them may have been
   *   stored.
   */
  publish(events: readonly EventEnvelope[]): Promise<void>
  /** Takes no more events in, and finishes those under way. Publishing goes on until `close`. */
  stop(): Promise<void>
  close(): Promise<void>
}
