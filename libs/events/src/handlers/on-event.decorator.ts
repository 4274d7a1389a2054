import { applyDecorators, UseFilters } from '@nestjs/common'
import { EventPattern } from '@nestjs/microservices'
import type { EventData, EventDefinition, EventEnvelope } from '@reeltag/contracts'
import { KeepErrorFilter } from './keep-error.filter.js'

/** The transport id under which Nest files our handlers, apart from its built-in transports. */
export const REELTAG_TRANSPORT = Symbol('reeltag')

/** An event as a handler gets it: the envelope, with data that fits the definition. */
export type ReceivedEvent<D extends EventDefinition> = Omit<EventEnvelope, 'data'> & { readonly data: EventData<D> }

/** Subscribes a controller method to an event. Handlers may see an event twice: wrap the effect in `Inbox.once`. */
export const OnEvent = (definition: EventDefinition): MethodDecorator =>
  applyDecorators(
    EventPattern<string>(definition.name, REELTAG_TRANSPORT, { definition }) as MethodDecorator,
    UseFilters(KeepErrorFilter),
  )
