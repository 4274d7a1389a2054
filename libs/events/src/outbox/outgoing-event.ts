import type { EventData, EventDefinition } from '@reeltag/contracts'

/** An event that still has to be written to the outbox. */
export interface OutgoingEvent {
  readonly name: string
  readonly data: unknown
}

/**
 * Pairs data with its definition. Data that does not match is a defect of this platform, so it throws here and not at a
 * consumer.
 */
export const outgoing = <D extends EventDefinition>(definition: D, data: EventData<D>): OutgoingEvent => ({
  name: definition.name,
  data: definition.schema.parse(data),
})
