import fs from 'node:fs'
import { z } from 'zod'

const file = z
  .string()
  .refine((name) => fs.existsSync(name), 'there is no such file')
  .optional()
const address = z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^:/\s]+):\d{1,5}$/, 'host:port, several separated by commas')

/**
 * How to reach Kafka. Without `KAFKA_BROKERS`, events stay inside the process and the other variables have no effect.
 */
export const kafkaVariables = {
  KAFKA_BROKERS: z
    .string()
    .transform((value) => value.split(',').map((item) => item.trim()))
    .pipe(z.array(address))
    .optional(),
  KAFKA_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{0,64}$/, 'letters, digits, dot, underscore and hyphen')
    .default(''),
  KAFKA_PARTITIONS: z.coerce.number().int().min(1).max(1_000).default(6),
  KAFKA_REPLICATION: z.coerce.number().int().min(1).max(10).optional(),
  KAFKA_SASL: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_USERNAME: z.string().optional(),
  KAFKA_PASSWORD: z.string().optional(),
  KAFKA_TLS: z.enum(['off', 'on']).default('off'),
  KAFKA_TLS_CA: file,
  KAFKA_TLS_CERT: file,
  KAFKA_TLS_KEY: file,
}
const Kafka = z.object(kafkaVariables)
type KafkaVariables = z.infer<typeof Kafka>

/** Combinations of variables that cannot work together. */
export const kafkaProblems = (e: KafkaVariables): string[] => {
  const needs = (when: boolean, text: string) => (when ? [text] : [])
  const login = e.KAFKA_USERNAME !== undefined && e.KAFKA_PASSWORD !== undefined
  const files = [e.KAFKA_TLS_CA, e.KAFKA_TLS_CERT, e.KAFKA_TLS_KEY]
  return [
    ...needs(
      e.KAFKA_SASL !== undefined && !login,
      'KAFKA_SASL: needs KAFKA_USERNAME and KAFKA_PASSWORD（需要用户名与密码）',
    ),
    ...needs(
      e.KAFKA_SASL === undefined && (e.KAFKA_USERNAME ?? e.KAFKA_PASSWORD) !== undefined,
      'KAFKA_USERNAME: say how with KAFKA_SASL（请用 KAFKA_SASL 指定认证方式）',
    ),
    ...needs(
      (e.KAFKA_TLS_CERT === undefined) !== (e.KAFKA_TLS_KEY === undefined),
      'KAFKA_TLS_CERT and KAFKA_TLS_KEY: give both or neither（须同时提供）',
    ),
    ...needs(
      e.KAFKA_TLS === 'off' && files.some((name) => name !== undefined),
      'KAFKA_TLS: must be on where KAFKA_TLS_CA, _CERT or _KEY is given（提供证书时须为 on）',
    ),
  ]
}

export interface KafkaConfig {
  readonly brokers: readonly string[]
  /** Put before the name of every topic and group, so that several platforms may share a cluster. */
  readonly prefix: string
  readonly partitions: number
  /** If absent, the default of the cluster. */
  readonly replication: number | undefined
  readonly sasl:
    | {
        readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
        readonly username: string
        readonly password: string
      }
    | undefined
  /** Undefined: no encryption. `ca` is the certificate authority of the brokers; if absent, those of the system. */
  readonly tls:
    | { readonly ca: string | undefined; readonly cert: string | undefined; readonly key: string | undefined }
    | undefined
}

/** @returns undefined where no broker is named */
export const toKafkaConfig = (e: KafkaVariables): KafkaConfig | undefined => {
  if (e.KAFKA_BROKERS === undefined) return undefined
  const read = (name: string | undefined) => (name === undefined ? undefined : fs.readFileSync(name, 'utf8'))
  return {
    brokers: e.KAFKA_BROKERS,
    prefix: e.KAFKA_PREFIX,
    partitions: e.KAFKA_PARTITIONS,
    replication: e.KAFKA_REPLICATION,
    sasl:
      e.KAFKA_SASL === undefined
        ? undefined
        : { mechanism: e.KAFKA_SASL, username: e.KAFKA_USERNAME ?? '', password: e.KAFKA_PASSWORD ?? '' },
    tls:
      e.KAFKA_TLS === 'off'
        ? undefined
        : { ca: read(e.KAFKA_TLS_CA), cert: read(e.KAFKA_TLS_CERT), key: read(e.KAFKA_TLS_KEY) },
  }
}
