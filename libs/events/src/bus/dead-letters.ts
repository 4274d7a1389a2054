import { eventMetrics } from './event-metrics.js'
import type { Metrics } from '@reeltag/platform'

/** An event that a consumer could not take. */
export interface DeadLetter {
  /** Where it lies: topic and offset, or consumer and event. */
  readonly place: string
  readonly consumer: string
  /** Event name, which is the topic without its prefix. */
  readonly name: string
  /** Null where the message was not even an event. */
  readonly eventId: string | null
  readonly contentId: string | null
  readonly code: string
  readonly detail: string
  readonly failedAt: Date
  /** When somebody last asked for another delivery; a letter that fails again is open again. */
  readonly replayedAt: Date | null
  /** False where the message was too large to be kept: it cannot be delivered again from here. */
  readonly isWhole: boolean
}

export interface DeadLetterFilter {
  readonly consumer?: string | undefined
  readonly name?: string | undefined
  readonly eventId?: string | undefined
  readonly code?: string | undefined
  /** Also those that were replayed already. */
  readonly replayed?: boolean | undefined
}

/** The dead letters, wherever the event bus keeps them. */
export interface DeadLetters {
  list(filter: DeadLetterFilter): Promise<DeadLetter[]>
  /** Has open letters delivered again to the consumer that failed on them, and to no other. @returns those letters */
  replay(filter: DeadLetterFilter): Promise<DeadLetter[]>
  close(): Promise<void>
}

export const matches = (letter: DeadLetter, filter: DeadLetterFilter): boolean =>
  (filter.consumer ?? letter.consumer) === letter.consumer &&
  (filter.name ?? letter.name) === letter.name &&
  (filter.eventId ?? letter.eventId) === letter.eventId &&
  (filter.code ?? letter.code) === letter.code &&
  (filter.replayed === true || letter.replayedAt === null)

export const countDeadLetter = (metrics: Metrics, consumer: string, code: string): void =>
  eventMetrics(metrics).deadLetters.inc({ consumer, code })
