import type { LoggerService } from '@nestjs/common'
import { pino } from 'pino'

export type Logger = pino.Logger

export interface LogConfig {
  readonly level: string
}

/** JSON lines on stdout. Children carry the content, the stage and the service they speak of. */
export const createLogger = ({ level }: LogConfig): Logger =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['req.headers.authorization', '*.password'],
  })

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
