import { ReeltagError } from '@reeltag/contracts'
import { checkModelServer } from '@reeltag/inference'
import { checkRedis } from '@reeltag/pipeline'
import {
  assertSchema,
  Database,
  deployMigrations,
  openBlobs,
  settlesWithin,
  startEmbeddedPostgres,
  waitForServer,
  type Blobs,
  type Config,
  type EmbeddedPostgres,
  type Foundation,
} from '@reeltag/platform'
import { services } from './services.js'
import type { Surroundings } from './surroundings.js'
import { setTimeout as sleep } from 'node:timers/promises'

export interface OpenFoundation extends Foundation {
  /** True if no other process can be working on this database and these blobs, because both belong to the home. */
  readonly exclusive: boolean
  /** Settles when the database has stopped for good. */
  readonly died: Promise<ReeltagError>
  /** Closes what was opened, the embedded server last. */
  close(): Promise<void>
}

/** Whether one of the services of this process needs it; the others work without it. */
const isNeeded = ({ services: names }: Config, what: 'blobs' | 'model-server'): boolean =>
  services.some(({ name, needs = [] }) => names.includes(name) && needs.includes(what))

/** Opens what every service needs: the named or the embedded Postgres, and the blob store. */
export const openFoundation = async (around: Surroundings): Promise<OpenFoundation> => {
  const { config, health } = around
  health.starting('database')
  const onLost = (): void => around.logger.error('the embedded Postgres has stopped; restarting it')
  const embedded = config.database.url === undefined ? await startEmbeddedPostgres(config.home, { onLost }) : undefined
  try {
    return await openOn(around, embedded)
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

const openOn = async (around: Surroundings, embedded: EmbeddedPostgres | undefined): Promise<OpenFoundation> => {
  const { config, logger, health, metrics, tracing, signal } = around
  const connectionString = config.database.url ?? embedded?.url ?? ''
  // An embedded server is migrated here. An operator migrates a shared one before a roll-out.
  if (embedded !== undefined) await deployMigrations(connectionString)
  const db = new Database(connectionString, { poolMax: config.database.poolMax })
  const close = async (): Promise<void> => {
    // A statement that never returns must not keep the server running.
    await settlesWithin(closeMsMax, db.close())
    await embedded?.stop()
  }
  const alive = async (): Promise<void> => void (await db.query('SELECT 1'))
  try {
    const { host } = new URL(connectionString)
    const seconds = config.lifecycle.startWaitSeconds
    await waitForServer(`Postgres at ${host}`, () => within(alive), {
      seconds,
      logger,
      health,
      signal,
      code: 'POSTGRES_UNAVAILABLE',
    })
    const newer = await assertSchema(db)
    if (newer.length > 0) logger.info({ newer }, 'the schema is newer than this version, and compatible with it')
    await waitForRedis(around)
    await waitForModelServer(around)
  } catch (error) {
    await db.close()
    throw error
  }
  health.register('postgres', alive)
  const blobs = await openBlobs(config.blobs, db)
  if (isNeeded(config, 'blobs')) {
    await untilBlobsAnswer(around, blobs).catch(async (error: unknown) => {
      await db.close()
      throw error
    })
    health.register('blobs', () => blobs.check())
  }
  const exclusive = embedded !== undefined && config.blobs.own
  const died = embedded?.died ?? new Promise<never>(() => undefined)
  return { config, connectionString, db, logger, health, blobs, metrics, tracing, exclusive, died, close }
}

const waitForRedis = async ({ config, logger, health, signal }: Surroundings): Promise<void> => {
  const { redisUrl } = config.queues
  if (redisUrl === undefined) return
  const seconds = config.lifecycle.startWaitSeconds
  const code = 'REDIS_UNAVAILABLE'
  const probe = (): Promise<void> => checkRedis(redisUrl, logger)
  await waitForServer(`Redis at ${new URL(redisUrl).host}`, probe, { seconds, logger, health, signal, code })
}

/** It only has to be up. The service that opens the models checks whether it has them. */
const waitForModelServer = async ({ config, logger, health, signal }: Surroundings): Promise<void> => {
  const { server } = config.models
  if (server === undefined || !isNeeded(config, 'model-server')) return
  const seconds = config.lifecycle.startWaitSeconds
  const code = 'MODEL_SERVER_UNAVAILABLE'
  const probe = (): Promise<void> => checkModelServer(server)
  await waitForServer(`the model server at ${new URL(server.url).host}`, probe, {
    seconds,
    logger,
    health,
    signal,
    code,
  })
  health.register('model-server', probe)
}

/** A missing or forbidden bucket fails the start at once. A server that is not up yet is waited for. */
const untilBlobsAnswer = ({ config, logger, health, signal }: Surroundings, blobs: Blobs): Promise<void> => {
  const seconds = config.lifecycle.startWaitSeconds
  return waitForServer('the blob store', () => blobs.check(), {
    seconds,
    logger,
    health,
    signal,
    code: 'BLOBS_UNAVAILABLE',
  })
}

const closeMsMax = 5_000
const probeMs = 5_000

/** A server may be unreachable without refusing the connection. */
const within = (probe: () => Promise<void>): Promise<void> =>
  Promise.race([
    probe(),
    sleep(probeMs, undefined, { ref: false }).then(() => {
      throw new ReeltagError('POSTGRES_UNAVAILABLE', `timeout: no answer within ${probeMs} ms`)
    }),
  ])
