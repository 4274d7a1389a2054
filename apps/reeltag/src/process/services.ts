import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { JobDefinition, ServiceName } from '@reeltag/contracts'
import { routeOpenItems } from '@reeltag/decisions'
import { EventServer } from '@reeltag/events'
import { fusion } from '@reeltag/fusion'
import { describeSubmission, gateway } from '@reeltag/gateway'
import { prepareServer } from '@reeltag/http'
import { ingest } from '@reeltag/ingest'
import { applicationOf, HandlersModule, type Runtime, type Service } from '@reeltag/pipeline'
import { NestLogger, toListenError, type Config } from '@reeltag/platform'
import { LabelTrees } from '@reeltag/packs'
import { openReviewTruth, policies } from '@reeltag/policies'
import { review } from '@reeltag/review'
import { textEncoder } from '@reeltag/text-encoder'
import { visionEncoder } from '@reeltag/vision-encoder'
import type { Server } from 'node:http'

/** Every service of the platform. */
export const services: readonly Service[] = [
  // In the order in which a content meets them.
  gateway,
  ingest,
  visionEncoder,
  textEncoder,
  fusion,
  review({
    routeItems: routeOpenItems,
    openTrees: ({ models }) => new LabelTrees(models),
    openTruth: (db, { models }) => openReviewTruth(db, models),
  }),
  policies,
]

/** Where the models of a job run: `server` for services that use the model server, where one is named. */
export const deviceOf = ({ models }: Pick<Config, 'models'>): ((job: JobDefinition) => string) => {
  const served = new Set(services.filter(({ needs }) => needs?.includes('model-server')).map(({ name }) => name))
  return ({ service }) => (models.server !== undefined && served.has(service) ? 'server' : models.device)
}

export interface RunningService {
  readonly name: ServiceName
  /** Where it answers HTTP, if it does. */
  readonly url?: string
  /** @param graceMs how long requests under way may take before they are cut off */
  close(graceMs: number): Promise<void>
}

/** Starts one service as a Nest application of its own: own handler chain, own consumer group. */
export const startService = async (name: ServiceName, runtime: Runtime): Promise<RunningService> => {
  if (name === 'gateway') return startGateway(runtime)
  const handlers = await services.find((service) => service.name === name)?.handlers?.(runtime)
  const parts = handlers === undefined ? [] : [HandlersModule, handlers]
  const app = await NestFactory.createMicroservice(applicationOf(runtime, parts), {
    strategy: new EventServer(name, runtime.bus, runtime.tracing),
    logger: new NestLogger(runtime.logger.child({ service: name })),
    abortOnError: false,
  })
  await app.listen()
  return { name, close: () => app.close() }
}

/** The one HTTP application: the routes of every service, whichever process runs its handlers. */
const startGateway = async (runtime: Runtime): Promise<RunningService> => {
  const { host, port } = runtime.config.http
  const logger = runtime.logger.child({ service: 'gateway' })
  const { adapter, setUp } = prepareServer({ ...runtime, logger }, describeSubmission)
  const routes = services.flatMap((service) => service.routes?.(runtime) ?? [])
  const app = await NestFactory.create<NestFastifyApplication>(applicationOf(runtime, routes), adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  })
  await setUp(app)
  await app.listen(port, host).catch((error: unknown) => {
    throw toListenError(error, { host, port })
  })
  const close = async (graceMs: number): Promise<void> => {
    // A client that is disconnected sends its upload again. An accepted content is recognised by its externalId.
    const cut = setTimeout(() => (app.getHttpServer() as Server).closeAllConnections(), graceMs)
    await app.close()
    clearTimeout(cut)
  }
  return { name: 'gateway', url: (await app.getUrl()).replace('[::1]', 'localhost'), close }
}
