import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { startKafka } from './kafka-server.js'
import type { ServerName } from './prerequisites.js'
import { startRedis } from './redis-server.js'
import { startS3 } from './s3-server.js'
import { startTemplatedPostgres } from './templated-postgres.js'
import { testEnvironment } from '../test-environment.js'
import { until } from '../until.js'

export interface SharedServer {
  /** What goes into the variable that names such a server. */
  readonly address: string
  /** Unlike any other's: for topics, keys and object names, so that suites do not see each other. */
  readonly prefix: string
}

type SharedName = ServerName | 'postgres'

const starts: Record<SharedName, () => Promise<{ readonly address: string }>> = {
  redis: startRedis,
  kafka: startKafka,
  s3: startS3,
  postgres: startTemplatedPostgres,
}

const waitSecondsMax = 300
const own = new Map<SharedName, Promise<{ readonly address: string }>>()

/**
 * The one server of its kind that all files of a test run use; started by whoever asks first, ended with the run.
 * Never stop, flush or overload it: a test that does such things starts one of its own.
 */
export const sharedServer = async (name: SharedName): Promise<SharedServer> => {
  const prefix = `t${randomUUID().slice(0, 8)}`
  const { runFolder } = testEnvironment
  if (runFolder !== undefined) return { address: await addressInRun(name, runFolder), prefix }
  const server = own.get(name) ?? starts[name]()
  own.set(name, server)
  return { address: (await server).address, prefix }
}

/** The first to make the folder starts the server; the others wait for its address. */
const addressInRun = async (name: SharedName, runFolder: string): Promise<string> => {
  const folder = path.join(runFolder, `shared-${name}`)
  const address = path.join(folder, 'address')
  const failure = path.join(folder, 'failure')
  try {
    fs.mkdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return waitFor(address, failure)
  }
  try {
    const server = await starts[name]()
    writeWhole(address, server.address)
    return server.address
  } catch (error) {
    writeWhole(failure, error instanceof Error ? error.message : String(error))
    throw error
  }
}

const waitFor = (address: string, failure: string): Promise<string> =>
  until(`${address} is written`, waitSecondsMax, () => {
    if (fs.existsSync(failure)) throw new Error(fs.readFileSync(failure, 'utf8'))
    return fs.existsSync(address) && fs.readFileSync(address, 'utf8')
  })

const writeWhole = (file: string, text: string): void => {
  fs.writeFileSync(`${file}.draft`, text)
  fs.renameSync(`${file}.draft`, file)
}
