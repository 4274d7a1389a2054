import { ReeltagError, reeltagVersion, ServiceName, serviceNames } from '@reeltag/contracts'
import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { parseBlobAddress } from '../blobs/blob-address.js'
import { accountProblems, accountVariables, toAccountsConfig } from './accounts-config.js'
import { kafkaProblems, kafkaVariables, toKafkaConfig } from './kafka-config.js'
import { concurrencyOf, perQueue, rateOf } from './queue-settings.js'

const repositoryRoot = path.resolve(import.meta.dirname, '../../../..')
const MiB = 2 ** 20

const integer = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback)
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)
/** `npm run` changes the working directory; what a user names is relative to where the command was typed. */
export const resolveUserPath = (value: string): string =>
  path.resolve(process.env['INIT_CWD'] ?? process.cwd(), value.replace(/^~(?=$|\/)/, os.homedir()))
const userPath = (fallback: string) => z.string().default(fallback).transform(resolveUserPath)

const blobAddress = z.string().transform((text, context) => {
  try {
    return parseBlobAddress(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
    return z.NEVER
  }
})

/** Every variable that Reeltag reads, with its default; `docs/operations/configure.md` explains each. */
export const Environment = z.object({
  PORT: integer(3000, 0, 65_535),
  HOST: z.string().default('127.0.0.1'),
  HOSTS_ALLOWED: list.default([]),
  ...accountVariables,
  DASHBOARD_DIR: userPath(path.join(repositoryRoot, 'apps/review-web/dist')),
  REELTAG_HOME: userPath('~/.reeltag'),
  REELTAG_BOOTSTRAP_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,512}$/, '16 to 512 printable ASCII characters, no spaces')
    .optional(),
  REELTAG_SERVICES: list.pipe(z.array(ServiceName).min(1)).default([...serviceNames]),
  REELTAG_PACK: z
    .string()
    .regex(/^[a-z0-9-]+\/\d+\.\d+\.\d+$/, 'name/version, such as starter/2.0.0')
    .default('starter/2.0.0'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'postgresql://user:password@host:port/database')
    .optional(),
  DATABASE_POOL_MAX: integer(16, 2, 200),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'redis://user:password@host:port/db, or rediss:// for TLS')
    .optional(),
  REDIS_PREFIX: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'letters, digits, . _ and -')
    .default('reeltag'),
  QUEUE_CONCURRENCY: perQueue(concurrencyOf).default({}),
  QUEUE_RATES: perQueue(rateOf).default({}),
  ...kafkaVariables,
  BLOB_URL: blobAddress.optional(),
  UPLOAD_BYTES_MAX: integer(512 * MiB, 1, 64 * 1024 * MiB),
  JSON_BYTES_MAX: integer(1 * MiB, 1024, 16 * MiB),
  UPLOADS_MAX: integer(64, 1, 10_000),
  VIDEO_PIXELS_MAX: integer(35_389_440, 1, 1_000_000_000),
  VIDEO_SECONDS_MAX: integer(3_600, 1, 86_400),
  VIDEO_STREAMS_MAX: integer(16, 1, 256),
  DECODERS: integer(Math.max(1, Math.min(os.availableParallelism(), 8)), 1, 64),
  DECODE_TIMEOUT_MS: integer(20_000, 100, 600_000),
  DECODER_MEMORY_BYTES: integer(1024 * MiB, 64 * MiB, 64 * 1024 * MiB),
  MODELS_DIR: userPath(path.join(repositoryRoot, 'models')),
  TAXONOMIES_DIR: userPath(path.join(repositoryRoot, 'taxonomies')),
  MODEL_DEVICE: z.enum(['cpu', 'cuda', 'tensorrt']).default('cpu'),
  MODEL_SERVER_URL: z
    .url({ protocol: /^https?$/, error: 'http://host:port or https://host, with a path where the server has one' })
    .refine((url) => !/[@?#]/.test(url), 'no credentials, query or fragment')
    .optional(),
  MODEL_SERVER_TIMEOUT_MS: integer(30_000, 100, 600_000),
  MODEL_THREADS: integer(1, 1, 256),
  MODEL_LANES: integer(1, 1, 64),
  MODEL_BATCH_MAX: integer(32, 1, 1_024),
  MODEL_BATCH_DELAY_MS: integer(2, 0, 1_000),
  MODEL_QUEUE_MAX: integer(1_024, 1, 1_000_000),
  REELTAG_PYTHON: z.string().default('python3'),
  EVENTS_KEPT_DAYS: integer(30, 1, 3_650),
  SCORES_KEPT_DAYS: integer(90, 0, 3_650),
  CALIBRATION_REFIT_LABELS: integer(500, 0, 100_000_000),
  AUDIT_SHARE: z.coerce.number().min(0).max(1).default(0.02),
  REVIEW_LEASE_SECONDS: integer(60, 5, 3_600),
  REVIEW_GRACE_SECONDS: integer(10, 0, 3_600),
  START_WAIT_SECONDS: integer(60, 0, 3_600),
  STOP_DELAY_SECONDS: integer(0, 0, 600),
  STOP_TIMEOUT_SECONDS: integer(60, 1, 3_600),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_SDK_DISABLED: z.enum(['true', 'false']).default('false'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})
type Variables = z.infer<typeof Environment>

/** Reads the environment once. @throws CONFIG_INVALID, naming at once every variable and combination that is wrong */
export const loadConfig = (environment: NodeJS.ProcessEnv) => {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  const wrong = parsed.success ? [] : parsed.error.issues.map(({ path: [name], message }) => ({ name, message }))
  // Combinations are checked with the values that are valid, so that one wrong number does not hide a missing address.
  const names = new Set(wrong.map(({ name }) => name))
  const readable = Environment.safeParse(Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name))))
  const combined = readable.success ? combinationProblems(readable.data) : []
  const problems = [...wrong.map(({ name, message }) => `${String(name)}: ${message}`), ...combined]
  if (!parsed.success || problems.length > 0) throw new ReeltagError('CONFIG_INVALID', problems.join('; '))
  return toConfig(parsed.data)
}
export type Config = ReturnType<typeof loadConfig>

/** Combinations of variables that cannot work together, in both languages. */
const combinationProblems = (e: Variables): string[] => [
  ...accountProblems(e),
  ...kafkaProblems(e),
  ...modelProblems(e),
  ...splitProblems(e),
]

/** Whoever asks for a GPU here must not get encoders that run on another machine or on the CPU. */
const modelProblems = (e: Variables): string[] =>
  e.MODEL_SERVER_URL === undefined || e.MODEL_DEVICE === 'cpu'
    ? []
    : [
        `MODEL_DEVICE: leave ${e.MODEL_DEVICE} out, because the encoders run on the server that MODEL_SERVER_URL names` +
          `（编码器由 MODEL_SERVER_URL 所指的服务器运行，请勿同时设置 MODEL_DEVICE=${e.MODEL_DEVICE}）`,
      ]

const splitProblems = (e: Variables): string[] => {
  const left = serviceNames.filter((name) => !e.REELTAG_SERVICES.includes(name))
  if (left.length === 0) return []
  const others = left.join(', ')
  return [
    ...(e.DATABASE_URL === undefined
      ? [
          `DATABASE_URL: needed, because this process does not run ${others}; name the Postgres that they share` +
            `（缺少 DATABASE_URL：本进程不运行 ${others}，请指定共用的 Postgres）`,
        ]
      : []),
    ...(e.BLOB_URL === undefined
      ? [
          `BLOB_URL: needed, because this process does not run ${others}; name the store that they share` +
            `（缺少 BLOB_URL：本进程不运行 ${others}，请指定共用的存储）`,
        ]
      : []),
  ]
}

const toVideo = (e: Variables) => ({
  pixelsMax: e.VIDEO_PIXELS_MAX,
  secondsMax: e.VIDEO_SECONDS_MAX,
  streamsMax: e.VIDEO_STREAMS_MAX,
  decoders: e.DECODERS,
  decodeTimeoutMs: e.DECODE_TIMEOUT_MS,
  decoderMemoryBytes: e.DECODER_MEMORY_BYTES,
})

const toModels = (e: Variables) => ({
  modelsDir: e.MODELS_DIR,
  taxonomiesDir: e.TAXONOMIES_DIR,
  pack: e.REELTAG_PACK,
  device: e.MODEL_DEVICE,
  server:
    e.MODEL_SERVER_URL === undefined ? undefined : { url: e.MODEL_SERVER_URL, timeoutMs: e.MODEL_SERVER_TIMEOUT_MS },
  threads: e.MODEL_THREADS,
  lanes: e.MODEL_LANES,
  batchMax: e.MODEL_BATCH_MAX,
  delayMsMax: e.MODEL_BATCH_DELAY_MS,
  queueMax: e.MODEL_QUEUE_MAX,
})

const toBlobs = (e: Variables) => ({
  own: e.BLOB_URL === undefined,
  address: e.BLOB_URL ?? { kind: 'folder' as const, folder: path.join(e.REELTAG_HOME, 'blobs') },
  spoolFolder: path.join(e.REELTAG_HOME, 'spool'),
})

const toHttp = (e: Variables) => ({
  host: e.HOST,
  port: e.PORT,
  hostsAllowed: [...e.HOSTS_ALLOWED, ...(e.PUBLIC_URL === undefined ? [] : [new URL(e.PUBLIC_URL).hostname])],
  proxiesTrusted: e.PROXIES_TRUSTED ?? [],
})

const toConfig = (e: Variables) => ({
  home: e.REELTAG_HOME,
  services: [...new Set(e.REELTAG_SERVICES)],
  bootstrapKey: e.REELTAG_BOOTSTRAP_KEY,
  http: toHttp(e),
  accounts: toAccountsConfig(e),
  dashboard: { folder: e.DASHBOARD_DIR },
  queues: {
    redisUrl: e.REDIS_URL,
    redisPrefix: e.REDIS_PREFIX,
    concurrency: e.QUEUE_CONCURRENCY,
    rates: e.QUEUE_RATES,
  },
  database: { url: e.DATABASE_URL, poolMax: e.DATABASE_POOL_MAX },
  kafka: toKafkaConfig(e),
  blobs: toBlobs(e),
  uploads: { bytesMax: e.UPLOAD_BYTES_MAX, jsonBytesMax: e.JSON_BYTES_MAX, concurrentMax: e.UPLOADS_MAX },
  video: toVideo(e),
  models: toModels(e),
  training: { folder: path.join(repositoryRoot, 'training'), python: e.REELTAG_PYTHON },
  calibrations: { refitLabels: e.CALIBRATION_REFIT_LABELS },
  audits: { share: e.AUDIT_SHARE },
  review: { leaseSeconds: e.REVIEW_LEASE_SECONDS, graceSeconds: e.REVIEW_GRACE_SECONDS },
  retention: { eventsKeptDays: e.EVENTS_KEPT_DAYS, scoresKeptDays: e.SCORES_KEPT_DAYS },
  lifecycle: {
    startWaitSeconds: e.START_WAIT_SECONDS,
    stopDelaySeconds: e.STOP_DELAY_SECONDS,
    stopTimeoutSeconds: e.STOP_TIMEOUT_SECONDS,
  },
  tracing: {
    enabled:
      e.OTEL_SDK_DISABLED === 'false' &&
      (e.OTEL_EXPORTER_OTLP_ENDPOINT ?? e.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) !== undefined,
    serviceName: e.OTEL_SERVICE_NAME,
    version: reeltagVersion,
  },
  log: { level: e.LOG_LEVEL },
})
