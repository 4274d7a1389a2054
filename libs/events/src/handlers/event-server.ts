import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices'
import { ReeltagError, type EventDefinition, type EventEnvelope, type ServiceName } from '@reeltag/contracts'
import { attributeNames, spanNames, type Tracing } from '@reeltag/platform'
import { isObservable, lastValueFrom } from 'rxjs'
import { z } from 'zod'
import type { EventBus } from '../bus/event-bus.js'
import { REELTAG_TRANSPORT } from './on-event.decorator.js'

/**
 * Connects Nest to `@OnEvent` handlers. There is one per service, so that a failing handler never repeats that of
 * another service.
 */
export class EventServer extends Server implements CustomTransportStrategy {
  override readonly transportId = REELTAG_TRANSPORT

  constructor(
    private readonly service: ServiceName,
    private readonly bus: EventBus,
    private readonly tracing: Tracing,
  ) {
    super()
  }

  listen(callback: (error?: unknown) => void): void {
    this.bus.subscribe(this.service, [...this.messageHandlers.keys()], (event) => this.deliver(event))
    callback()
  }

  close(): void {
    // The bus stops before the services do; nothing is delivered any more when this is called.
  }

  override on(): never {
    throw new Error('EventServer emits no events of its own')
  }

  override unwrap<T>(): T {
    return this.bus as T
  }

  /** The one place through which every event of this service goes, whatever carried it here. */
  private async deliver(event: EventEnvelope): Promise<void> {
    const handler = this.getHandlerByPattern(event.type)
    if (handler === null) throw new ReeltagError('INTERNAL', `${this.service} has no handler for ${event.type}`)
    const definition = handler.extras?.['definition'] as EventDefinition | undefined
    const data = definition === undefined ? event.data : read(definition, event.data)
    const { destination, operation, messageId, consumerGroup, contentId } = attributeNames
    const attributes = {
      [destination]: event.type,
      [operation]: 'process',
      [messageId]: event.id,
      [consumerGroup]: this.service,
      [contentId]: event.subject,
    }
    const options = { kind: 'consumer', parent: event.traceparent ?? null, attributes } as const
    await this.tracing.span(spanNames.consume(event.type), options, () => settle(handler, { ...event, data }))
  }
}

/** @throws EVENT_UNREADABLE where the data does not fit; what the definition does not know is left out. */
const read = (definition: EventDefinition, data: unknown): unknown => {
  const parsed = definition.schema.safeParse(data)
  if (parsed.success) return parsed.data
  throw new ReeltagError('EVENT_UNREADABLE', `data of ${definition.name}: ${z.prettifyError(parsed.error)}`)
}

/** Nest wraps handlers in a cold observable. Without a subscription the handler does not run. */
const settle = async (handler: MessageHandler, event: unknown): Promise<void> => {
  const result: unknown = await handler(event, undefined)
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined })
}
