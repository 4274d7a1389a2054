// A gateway in a process of its own, for GatewayFixture: Jest on Node 20 cannot load @fastify/static, and a server that
// must survive everything is better tested where it can die.
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { prepareServer } from '@reeltag/http'
import { applicationOf, createRuntime } from '@reeltag/pipeline'
import { createLogger, Database, Health, loadConfig, Metrics, openBlobs, SilentTracing } from '@reeltag/platform'
import { LabelTrees } from '@reeltag/packs'
import { reviewRoutes, type Truth } from '@reeltag/review'
import 'reflect-metadata'
import { describeSubmission, gateway } from './gateway.module.js'

const config = loadConfig(process.env)
const connectionString = config.database.url ?? ''
const db = new Database(connectionString, { poolMax: 8 })
const logger = createLogger({ level: 'silent' })
const health = new Health()
const blobs = await openBlobs(config.blobs, db)
const [metrics, tracing] = [new Metrics(), new SilentTracing()]
const runtime = await createRuntime({ config, connectionString, db, blobs, logger, health, metrics, tracing })
const { adapter, setUp } = prepareServer(runtime, describeSubmission)

// Labels are written by another room. Here they go nowhere: apps/reeltag tests that they arrive.
const truth: Truth = { say: () => Promise.resolve(), withdraw: () => Promise.resolve() }
const help = { openTrees: () => new LabelTrees(config.models), openTruth: () => truth }
const routes = [...(gateway.routes === undefined ? [] : [gateway.routes(runtime)]), reviewRoutes(runtime, help)]
const app = await NestFactory.create<NestFastifyApplication>(applicationOf(runtime, routes), adapter, {
  bodyParser: false,
  logger: false,
})
await setUp(app)
await app.listen(0, '127.0.0.1')
process.on('message', () => health.ready())
process.on('disconnect', () => process.exit(0))
process.send?.(await app.getUrl())
