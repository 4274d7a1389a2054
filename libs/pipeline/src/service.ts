import { Module, type DynamicModule, type Type } from '@nestjs/common'
import type { ServiceName } from '@reeltag/contracts'
import { RuntimeModule } from './runtime.module.js'
import type { Runtime } from './runtime.js'

/** What a service adds to a process. `apps/reeltag` mounts it; no service knows of another. */
export interface Service {
  readonly name: ServiceName
  /** Jobs and events: a Nest application of its own in every process whose REELTAG_SERVICES names the service. */
  handlers?(runtime: Runtime): DynamicModule | Promise<DynamicModule>
  /** Controllers: part of the one HTTP application of the process that runs the gateway. */
  routes?(runtime: Runtime): DynamicModule
  /** What the service needs besides Postgres. It is checked at startup and by the health check. */
  readonly needs?: readonly ('blobs' | 'model-server')[]
}

@Module({})
class ApplicationModule {}

/** One Nest application: what the process shares, once, and what services add. */
export const applicationOf = (runtime: Runtime, parts: readonly (DynamicModule | Type)[]): DynamicModule => ({
  module: ApplicationModule,
  imports: [RuntimeModule.forRoot(runtime), ...parts],
})
