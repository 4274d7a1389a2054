// Real servers with the settings that docker-compose.yml gives its containers.
import pg from 'pg'
import { startKafka } from '../servers/kafka-server.js'
import type { NativeServer } from '../servers/native-server.js'
import { startPostgres, type PostgresServer } from '../servers/postgres-server.js'
import { startRedis } from '../servers/redis-server.js'
import type { Compose, ComposeService } from './compose-file.js'

export interface ComposeServers {
  kafka?: NativeServer
  redis?: NativeServer
  postgres?: PostgresServer
}

/** `--name value` pairs of a command as an object. */
const settingsOf = ({ command = [] }: ComposeService): Record<string, string> => {
  const [, ...args] = command
  const pairs = args.flatMap((word, index) => (word.startsWith('--') ? [[word.slice(2), args[index + 1] ?? '']] : []))
  return Object.fromEntries(pairs)
}

/** Kafka's image turns KAFKA_SOME_NAME into some.name; where the broker listens and keeps its log is ours. */
const propertiesOf = ({ environment = {} }: ComposeService): Record<string, string> => {
  const own = /^KAFKA_(NODE_ID|PROCESS_ROLES|CONTROLLER_|LISTENER|ADVERTISED_|LOG_DIRS|HEAP_)/
  const entries = Object.entries(environment).filter(([name]) => !own.test(name))
  return Object.fromEntries(
    entries.map(([name, value]) => [name.replace('KAFKA_', '').toLowerCase().replaceAll('_', '.'), value]),
  )
}

/** Starts Postgres, Redis and Kafka. @param servers gets each as soon as it runs, so that all are removed when a later one does not start */
export const startServers = async (services: Compose['services'], servers: ComposeServers): Promise<void> => {
  const { postgres, redis, kafka } = services
  if (postgres === undefined || redis === undefined || kafka === undefined)
    throw new Error('the Compose file has no postgres, no redis or no kafka')
  servers.kafka = await startKafka({ properties: propertiesOf(kafka) })
  servers.redis = await startRedis({ settings: settingsOf(redis) })
  servers.postgres = await startPostgres()
  const client = new pg.Client({ connectionString: servers.postgres.address })
  await client.connect()
  for (const parameter of (postgres.command ?? []).filter((word) => word.includes('=')))
    await client.query(`ALTER SYSTEM SET ${parameter}`)
  await client.end()
  await servers.postgres.stop()
  await servers.postgres.start()
}
