import { toReeltagError, type EventEnvelope } from '@reeltag/contracts'
import type { Logger, Metrics } from '@reeltag/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import { countDeadLetter } from '../../bus/dead-letters.js'
import { deliverPatiently, type Refusal } from '../../bus/deliver-patiently.js'
import type { Subscription } from '../../bus/event-bus.js'
import { letterHeader, type DeadLetterBox, type Place } from '../dead-letter-box.js'
import { decodeEvent, type RawMessage } from '../kafka-message.js'
import type { KafkaNames } from '../kafka-topics.js'
import { serverPauseMsMax } from '../kafka-tuning.js'

export interface TakerOptions {
  readonly subscription: Subscription
  readonly names: KafkaNames
  readonly box: DeadLetterBox
  readonly logger: Logger
  readonly metrics: Metrics
}

/**
 * Processes one message: it is handled, skipped because it has another name or version, or kept as a dead letter. While
 * one of our servers is down, it waits for as long as it takes; only `stop` ends the wait, with an error.
 */
export class MessageTaker {
  private readonly stopped = new AbortController()

  constructor(private readonly options: TakerOptions) {}

  stop(): void {
    this.stopped.abort()
  }

  async take(message: RawMessage, place: Place): Promise<void> {
    const { names, subscription, metrics } = this.options
    const own = names.eventOf(place.topic)
    let event: EventEnvelope
    try {
      event = decodeEvent(message)
    } catch (error) {
      const { code, message: detail } = toReeltagError(error)
      return this.bury(own ?? this.originOf(message), message, place, { code, detail, cause: error })
    }
    // A topic carries one event. Another event in it, such as a later version, is not for this consumer.
    if (!subscription.names.has(event.type) || (own !== undefined && own !== event.type)) {
      const { consumer } = subscription
      metrics
        .counter('reeltag_events_ignored_total', 'Events of other names or versions', ['consumer'])
        .inc({ consumer })
      return
    }
    const refusal = await this.untilServersAnswer(() => deliverPatiently(() => subscription.deliver(event)))
    if (refusal !== undefined) await this.bury(event.type, message, place, refusal)
  }

  private async bury(name: string, message: RawMessage, place: Place, why: Refusal): Promise<void> {
    const { box, subscription, logger, metrics } = this.options
    const { consumer } = subscription
    logger.error(
      { err: why.cause, ...place, consumer },
      'a message could not be processed; it is kept as a dead letter',
    )
    await this.untilServersAnswer(() => box.bury(consumer, name, message, place, why))
    countDeadLetter(metrics, consumer, why.code)
  }

  /** The headers of an unreadable replay say where it came from. */
  private originOf({ headers }: RawMessage): string {
    const { names, subscription } = this.options
    const topic = headers?.[letterHeader.topic]?.toString() ?? ''
    return names.eventOf(topic) ?? [...subscription.names][0] ?? ''
  }

  private async untilServersAnswer<T>(run: () => Promise<T>): Promise<T> {
    for (let pauseMs = 100; ; pauseMs = Math.min(2 * pauseMs, serverPauseMsMax)) {
      this.stopped.signal.throwIfAborted()
      try {
        return await run()
      } catch (error) {
        this.options.logger.warn({ err: error, consumer: this.options.subscription.consumer }, 'waiting for a server')
        await sleep(pauseMs, undefined, { signal: this.stopped.signal })
      }
    }
  }
}
