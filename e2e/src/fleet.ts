import { serviceNames, type ServiceName } from '@reeltag/contracts'
import { Database, deployMigrations } from '@reeltag/platform'
import {
  s3Credentials,
  startKafka,
  startPostgres,
  startRedis,
  startS3,
  TcpProxy,
  type NativeServer,
  type PostgresServer,
} from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { PlatformClient } from './platform-client.js'
import { ServiceProcess } from './service-process.js'

export interface FleetOptions {
  /** Blobs in a real S3 instead of a folder; it is reached through `fleet.blobs`, which can make it fail. */
  readonly s3?: boolean
  /** Where Postgres keeps its cluster; default: a new temporary folder. */
  readonly postgresFolder?: string
  /** Variables for every process. */
  readonly env?: Readonly<Record<string, string>>
}

/** What a fleet stands on. Every server may be killed, stopped and restarted by a test. */
interface Servers {
  readonly postgres: PostgresServer
  readonly redis: NativeServer
  readonly kafka: NativeServer
  readonly s3: { readonly server: NativeServer; readonly proxy: TcpProxy } | undefined
  readonly folder: string
}

/** The platform at the second size: Postgres, Redis and Kafka as real servers, every service a process of its own. */
export class Fleet extends PlatformClient {
  private constructor(
    readonly servers: Servers,
    private readonly services: ReadonlyMap<ServiceName, ServiceProcess>,
    /** Past the platform: what really stands in the database. */
    readonly db: Database,
    private readonly environment: Readonly<Record<string, string>>,
  ) {
    super(`http://127.0.0.1:${services.get('gateway')?.port}`)
  }

  static async start(options: FleetOptions = {}): Promise<Fleet> {
    const servers = await startServers(options)
    const database = servers.postgres.address
    await deployMigrations(database)
    const { key } = new PlatformClient('')
    const common = {
      DATABASE_URL: database,
      REDIS_URL: servers.redis.address,
      KAFKA_BROKERS: servers.kafka.address,
      REELTAG_BOOTSTRAP_KEY: key,
      ...blobEnvironment(servers),
      ...options.env,
    }
    const start = async (name: ServiceName): Promise<[ServiceName, ServiceProcess]> => [
      name,
      await ServiceProcess.start({ env: { ...common, REELTAG_SERVICES: name } }),
    ]
    const services = new Map(await Promise.all(serviceNames.map(start)))
    return new Fleet(servers, services, new Database(database, { poolMax: 4 }), common)
  }

  /** One more process of a service, beside the one that runs; whoever asks removes it. */
  startAnother(name: ServiceName): Promise<ServiceProcess> {
    return ServiceProcess.start({ env: { ...this.environment, REELTAG_SERVICES: name } })
  }

  service(name: ServiceName): ServiceProcess {
    const service = this.services.get(name)
    if (service === undefined) throw new Error(`the fleet has no ${name}`)
    return service
  }

  get processes(): ServiceProcess[] {
    return [...this.services.values()]
  }

  /** Where its processes keep files. */
  get homes(): readonly string[] {
    return this.processes.map(({ home }) => home)
  }

  protected override get origins(): readonly string[] {
    return this.processes.map(({ port }) => `http://127.0.0.1:${port}`)
  }

  get log(): string {
    return Object.entries(this.services)
      .map(([name, { log }]) => `--- ${name}\n${log}`)
      .join('\n')
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.remove()))
    await this.db.close()
    const { postgres, redis, kafka, s3, folder } = this.servers
    await s3?.proxy.close()
    await Promise.all([postgres.remove(), redis.remove(), kafka.remove(), s3?.server.remove()])
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

const startServers = async ({ s3, postgresFolder }: FleetOptions): Promise<Servers> => {
  const [postgres, redis, kafka, objects] = await Promise.all([
    startPostgres(postgresFolder === undefined ? {} : { folder: postgresFolder }),
    startRedis(),
    startKafka(),
    s3 === true ? startProxiedS3() : undefined,
  ])
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-fleet-'))
  return { postgres, redis, kafka, s3: objects, folder }
}

const startProxiedS3 = async (): Promise<NonNullable<Servers['s3']>> => {
  const server = await startS3()
  const { host } = new URL(new URL(server.address).searchParams.get('endpoint') ?? '')
  return { server, proxy: await TcpProxy.start(host) }
}

const blobEnvironment = ({ s3, folder }: Servers): Record<string, string> => {
  if (s3 === undefined) return { BLOB_URL: `file:${path.join(folder, 'blobs')}` }
  const address = new URL(s3.server.address)
  address.searchParams.set('endpoint', `http://${s3.proxy.address}`)
  return { BLOB_URL: address.href, ...s3Credentials }
}
