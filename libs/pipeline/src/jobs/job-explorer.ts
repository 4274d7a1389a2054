import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core'
import type { FinishedStage, StageTask } from '../stages/stage-task.js'
import { HandlerRegistry } from './handler-registry.js'
import { JOB_HANDLER, type JobHandlerOptions } from './on-job.decorator.js'

type Method = (task: StageTask) => Promise<FinishedStage>

/** Finds the `@OnJob` methods of one service's Nest application and enters them in the process's registry. */
@Injectable()
export class JobExplorer implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
    private readonly handlers: HandlerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (typeof instance !== 'object' || instance === null) continue
      this.enter(instance as Record<string, Method>)
    }
  }

  private enter(provider: Record<string, Method>): void {
    for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(provider) as object)) {
      const method = provider[name]
      if (method === undefined) continue
      const options = this.reflector.get<JobHandlerOptions | undefined>(JOB_HANDLER, method)
      if (options !== undefined) this.handlers.add({ ...options, handle: (task) => method.call(provider, task) })
    }
  }
}
