// docs/asyncapi.yaml (AsyncAPI 3) from the contracts: topics, headers and data of every event.
import { EventEnvelope, events } from '@reeltag/contracts'
import { stringify } from 'yaml'
import { z } from 'zod'

// Readers ignore what they do not know, so schemas are open: the shape of what is accepted, not of what is produced.
/** @returns {any} */
const schemaOf = (schema) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' })
  return rest
}

const idOf = (name) => name.replace(/\.v(\d+)$/, '-v$1').replaceAll('.', '-')

/** Every attribute of the envelope as the header that it is in binary mode; header values are text. */
const headers = () => {
  const { data: _, datacontenttype, ...attributes } = schemaOf(EventEnvelope).properties
  const required = schemaOf(EventEnvelope).required.filter((name) => name in attributes)
  /** @param {any} schema */
  const text = ({ type, description, format, const: constant }) => ({
    type: 'string',
    ...(type === 'integer' ? { pattern: '^[0-9]+$' } : {}),
    ...(type !== 'integer' && format !== undefined ? { format } : {}),
    ...(constant === undefined ? {} : { const: constant }),
    ...(description === undefined ? {} : { description }),
  })
  return {
    type: 'object',
    required: ['content-type', ...required.map((name) => `ce_${name}`)],
    properties: {
      'content-type': text(datacontenttype),
      ...Object.fromEntries(Object.entries(attributes).map(([name, schema]) => [`ce_${name}`, text(schema)])),
      traceparent: { type: 'string', description: 'W3C trace context, for tracing libraries; equal to ce_traceparent' },
    },
  }
}

const channelOf = ({ name }) => ({
  address: `{prefix}${name}`,
  parameters: { prefix: { $ref: '#/components/parameters/prefix' } },
  messages: { event: { $ref: `#/components/messages/${idOf(name)}` } },
})

const messageOf = ({ name, schema }) => ({
  name,
  contentType: 'application/json',
  headers: { $ref: '#/components/schemas/EventHeaders' },
  payload: schemaOf(schema),
  bindings: { kafka: { key: { type: 'string', format: 'uuid', description: 'content id' }, bindingVersion: '0.5.0' } },
})

const byId = (describe) => Object.fromEntries(events.map((event) => [idOf(event.name), describe(event)]))

export const describeEvents = () => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Reeltag events',
    version: '1',
    description:
      'Events that Reeltag publishes to Kafka, as CloudEvents 1.0 in binary mode. All workspaces share the topics: filter by ce_workspaceid. Delivery is at least once: an event that arrives again has the same ce_id and ce_sequence. Reeltag 发布到 Kafka 的事件。',
    license: { name: 'Apache-2.0' },
  },
  defaultContentType: 'application/json',
  servers: {
    kafka: {
      host: '{brokers}',
      protocol: 'kafka',
      description: 'KAFKA_BROKERS of the platform',
      variables: { brokers: { default: 'localhost:9092' } },
    },
  },
  channels: byId(channelOf),
  operations: Object.fromEntries(
    events.map(({ name }) => [
      `publish-${idOf(name)}`,
      {
        action: 'send',
        channel: { $ref: `#/channels/${idOf(name)}` },
        messages: [{ $ref: `#/channels/${idOf(name)}/messages/event` }],
      },
    ]),
  ),
  components: {
    parameters: { prefix: { description: 'KAFKA_PREFIX of the platform', default: '' } },
    messages: byId(messageOf),
    schemas: { EventHeaders: headers() },
  },
})

export const asyncapi = () =>
  `# Written by npm run docs:reference from libs/contracts.\n${stringify(describeEvents(), { aliasDuplicateObjects: false, lineWidth: 120 })}`
