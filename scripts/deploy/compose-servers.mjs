// Real servers with the settings that docker-compose.yml gives its containers.
import { startKafka, startPostgres, startRedis } from '@reeltag/testing'
import pg from 'pg'

/** `--name value` pairs of a command as an object. */
const settingsOf = ([, ...args]) => {
  const pairs = args.flatMap((word, index) => (word.startsWith('--') ? [[word.slice(2), args[index + 1]]] : []))
  return Object.fromEntries(pairs)
}

/** Kafka's image turns KAFKA_SOME_NAME into some.name; where the broker listens and keeps its log is ours. */
const propertiesOf = (environment) => {
  const own = /^KAFKA_(NODE_ID|PROCESS_ROLES|CONTROLLER_|LISTENER|ADVERTISED_|LOG_DIRS|HEAP_)/
  const entries = Object.entries(environment).filter(([name]) => !own.test(name))
  return Object.fromEntries(
    entries.map(([name, value]) => [name.replace('KAFKA_', '').toLowerCase().replaceAll('_', '.'), String(value)]),
  )
}

/** Starts Postgres, Redis and Kafka. @param servers gets each as soon as it runs, so that all are removed when a later one does not start */
export const startServers = async ({ postgres, redis, kafka }, servers) => {
  servers.kafka = await startKafka({ properties: propertiesOf(kafka.environment) })
  servers.redis = await startRedis({ settings: settingsOf(redis.command) })
  servers.postgres = await startPostgres()
  const client = new pg.Client({ connectionString: servers.postgres.address })
  await client.connect()
  for (const parameter of postgres.command.filter((word) => word.includes('=')))
    await client.query(`ALTER SYSTEM SET ${parameter}`)
  await client.end()
  await servers.postgres.stop()
  await servers.postgres.start()
}
