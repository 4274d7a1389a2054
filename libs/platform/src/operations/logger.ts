import type { LoggerService } from '@nestjs/common'
import { pino } from 'pino'

export type Logger = pino.Logger

export interface LogConfig {
  readonly level: string
}

const secretNames = ['authorization', 'cookie', 'password', 'secret', 'token', 'key', 'accessKeyId', 'secretAccessKey']
const secretPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** Credentials inside of addresses, and keys of ours, wherever they turn up in a text. */
const scrub = (text: string): string =>
  text.replaceAll(/(:\/\/[^\s:/@]*):[^\s@/]+@/g, '$1:[redacted]@').replaceAll(/\brt_\w+?_[\w-]+/g, 'rt_[redacted]')

const scrubError = (error: Error): object => {
  const { message, stack, ...rest } = pino.stdSerializers.err(error)
  return { ...rest, message: scrub(message), stack: scrub(stack) }
}

/**
 * JSON lines on stdout. Children carry the service, and of a content its `contentId` and `traceId`. Secrets are
 * removed: fields by their name, and inside messages by their shape.
 */
export const createLogger = ({ level }: LogConfig, destination?: pino.DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: scrubError, url: (url: unknown) => (typeof url === 'string' ? scrub(url) : url) },
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map((arg: unknown) => (typeof arg === 'string' ? scrub(arg) : arg)) as typeof args)
        },
      },
      redact: { paths: secretPaths, censor: '[redacted]' },
    },
    destination ?? pino.destination(1),
  )

/** Nest's own messages, in our log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown): void {
    this.logger.debug(String(message))
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error({ rest }, String(message))
  }

  warn(message: unknown): void {
    this.logger.warn(String(message))
  }

  debug(message: unknown): void {
    this.logger.trace(String(message))
  }

  verbose(message: unknown): void {
    this.logger.trace(String(message))
  }
}
