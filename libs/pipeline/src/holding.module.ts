import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common'

/** What the handlers of a service hold open: models, child processes. */
export const HELD_OPEN = Symbol('reeltag.held-open')

/** The module of handlers that provide HELD_OPEN: it is closed when their application ends. */
@Module({})
export class HoldingModule implements OnApplicationShutdown {
  constructor(@Inject(HELD_OPEN) private readonly held: { close(): void | Promise<void> }) {}

  async onApplicationShutdown(): Promise<void> {
    await this.held.close()
  }
}
