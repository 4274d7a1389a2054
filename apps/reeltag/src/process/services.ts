import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { ServiceName } from '@reeltag/contracts'
import { FusionModule } from '@reeltag/fusion'
import { GatewayModule, prepareGateway } from '@reeltag/gateway'
import { IngestModule } from '@reeltag/ingest'
import { EventServer } from '@reeltag/events'
import { type Runtime } from '@reeltag/pipeline'
import { NestLogger, toListenError } from '@reeltag/platform'
import { ReviewModule } from '@reeltag/review'
import { TextEncoderModule } from '@reeltag/text-encoder'
import { VisionEncoderModule } from '@reeltag/vision-encoder'
import type { DynamicModule } from '@nestjs/common'
import type { Server } from 'node:http'

export interface RunningService {
  readonly name: ServiceName
  /** Where it answers HTTP, if it does. */
  readonly url?: string
  /** @param graceMs how long requests under way may take before they are cut off */
  close(graceMs: number): Promise<void>
}

type Workers = Exclude<ServiceName, 'gateway'>

const modules: Record<Workers, { register(runtime: Runtime): DynamicModule }> = {
  ingest: IngestModule,
  'vision-encoder': VisionEncoderModule,
  'text-encoder': TextEncoderModule,
  fusion: FusionModule,
  review: ReviewModule,
}

/** Starts one service as a Nest application of its own: own handler chain, own consumer group. */
export const startService = async (name: ServiceName, runtime: Runtime): Promise<RunningService> =>
  name === 'gateway' ? startGateway(runtime) : startWorker(name, runtime)

const startWorker = async (name: Workers, runtime: Runtime): Promise<RunningService> => {
  const app = await NestFactory.createMicroservice(modules[name].register(runtime), {
    strategy: new EventServer(name, runtime.bus, runtime.tracing),
    logger: new NestLogger(runtime.logger.child({ service: name })),
    abortOnError: false,
  })
  await app.listen()
  return { name, close: () => app.close() }
}

const startGateway = async (runtime: Runtime): Promise<RunningService> => {
  const { host, port } = runtime.config.http
  const logger = runtime.logger.child({ service: 'gateway' })
  const { adapter, setUp } = prepareGateway(runtime.config, logger, runtime.metrics)
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.register(runtime), adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  })
  await setUp(app)
  await app.listen(port, host).catch((error: unknown) => {
    throw toListenError(error, { host, port })
  })
  const close = async (graceMs: number): Promise<void> => {
    // A client that is cut off sends its upload again; a content that was accepted is known by its externalId.
    const cut = setTimeout(() => (app.getHttpServer() as Server).closeAllConnections(), graceMs)
    await app.close()
    clearTimeout(cut)
  }
  return { name: 'gateway', url: (await app.getUrl()).replace('[::1]', 'localhost'), close }
}
