import type { Logger } from './logger.js'

/**
 * Work that is tried over and over fails each time while a server is away. The first failure is logged; the others say
 * nothing new and are not.
 */
export class WarnOnce {
  private warned = false

  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly message: string,
  ) {}

  failed(error: unknown, fields: object = {}): void {
    if (!this.warned) this.logger.warn({ err: error, ...fields }, this.message)
    this.warned = true
  }

  /** The next failure is logged again. @returns whether there was one since the last success */
  worked(): boolean {
    const { warned } = this
    this.warned = false
    return warned
  }
}
