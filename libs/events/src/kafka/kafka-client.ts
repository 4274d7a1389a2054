import { ReeltagError } from '@reeltag/contracts'
import type { KafkaConfig, Logger } from '@reeltag/platform'
import { Kafka, logLevel, type KafkaConfig as ClientConfig, type SASLOptions } from 'kafkajs'
import { client, clientRetry } from './kafka-tuning.js'

export const openKafkaClient = (config: KafkaConfig, logger: Logger): Kafka => {
  const { brokers, prefix, sasl, tls } = config
  const options: ClientConfig = {
    clientId: `${prefix}reeltag`,
    brokers: [...brokers],
    ...client,
    retry: clientRetry,
    // The client logs every failed try as an error, even if the next try succeeds. Its users log what matters.
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, ...rest } = entry.log
      logger.debug({ kafka: rest }, message)
    },
  }
  if (tls !== undefined) {
    const { ca, cert, key } = tls
    options.ssl = {
      ...(ca === undefined ? {} : { ca: [ca] }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    }
  }
  if (sasl !== undefined) options.sasl = { ...sasl } as SASLOptions
  return new Kafka(options)
}

const refusals = /SASL|AUTHORIZATION|certificate|self.signed|wrong version number|SSL routines|TLS/i

/** Converts an error of the client: KAFKA_REFUSED if a retry cannot help, otherwise KAFKA_UNREACHABLE. */
export const toKafkaError = (error: unknown): ReeltagError => {
  if (error instanceof ReeltagError) return error
  const texts: string[] = []
  for (let cause = error; cause instanceof Error && texts.length < 8; cause = cause.cause) {
    texts.push(`${cause.name} ${String((cause as { type?: unknown }).type ?? '')} ${cause.message}`)
  }
  const refused = texts.some((text) => refusals.test(text))
  const detail = error instanceof Error ? error.message : String(error)
  return new ReeltagError(refused ? 'KAFKA_REFUSED' : 'KAFKA_UNREACHABLE', detail, { cause: error })
}
