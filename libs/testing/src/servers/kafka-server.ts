import { Kafka, logLevel } from 'kafkajs'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { freePort } from '../free-port.js'
import { installOnce } from '../installing/install-once.js'
import { dataFolder, NativeServer } from './native-server.js'
import { runTool } from '../installing/run-tool.js'

export interface KafkaOptions {
  /** Default: a new temporary folder. */
  readonly folder?: string
  /** Default: a free one. */
  readonly port?: number
  /** Lines of server.properties beside or instead of ours; a broker that wants SASL needs `client` too. */
  readonly properties?: Readonly<Record<string, string>>
  /** What a client of this broker needs beside its address, to see that it answers. */
  readonly client?: Pick<ConstructorParameters<typeof Kafka>[0], 'sasl' | 'ssl'>
}

export const kafkaVersion = '4.1.0'
export const kafkaInstallName = `kafka-${kafkaVersion}`
const answerMs = 1_000
const pom = path.resolve(import.meta.dirname, '../../servers/kafka/pom.xml')

/** One node that is broker and controller (KRaft). `address` goes into KAFKA_BROKERS. */
export const startKafka = async (options: KafkaOptions = {}): Promise<NativeServer> => {
  const installed = await installKafka()
  const port = options.port ?? (await freePort())
  const controllerPort = await freePort()
  const folder = dataFolder('kafka', options.folder)
  const logs = path.join(folder, 'logs')
  const file = path.join(folder, 'server.properties')
  const properties = { ...serverProperties({ port, controllerPort, logs }), ...options.properties }
  return new NativeServer(`127.0.0.1:${port}`, {
    name: 'kafka',
    command: [...java(installed), ...javaLimits, 'kafka.Kafka', file],
    folder,
    prepare: () => {
      fs.writeFileSync(file, render(properties))
      if (!fs.existsSync(logs)) copyFormatted(path.join(installed, 'formatted'), logs)
    },
    answers: () => listsTopics(port, options.client),
  }).start()
}

/** Fetches the jars with Maven, and formats a log folder once for all brokers to copy. @returns the folder */
export const installKafka = (): Promise<string> =>
  installOnce(kafkaInstallName, async (draft) => {
    fs.copyFileSync(pom, path.join(draft, 'pom.xml'))
    const libs = path.join(draft, 'libs')
    await runTool(
      'mvn',
      ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${libs}`],
      draft,
    )
    const logs = path.join(draft, 'formatted')
    const file = path.join(draft, 'format.properties')
    fs.writeFileSync(file, render(serverProperties({ port: 9092, controllerPort: 9093, logs })))
    const [command = '', ...args] = java(draft)
    await runTool(command, [...args, 'kafka.tools.StorageTool', 'format', '-t', 'reeltag-tests-00000000', '-c', file])
  })

/** A cluster of its own: two brokers must not take each other for the same. */
const copyFormatted = (formatted: string, logs: string): void => {
  fs.cpSync(formatted, logs, { recursive: true })
  const file = path.join(logs, 'meta.properties')
  const id = randomBytes(16).toString('hex').slice(0, 22)
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/^cluster\.id=.*$/m, `cluster.id=${id}`))
}

const java = (installed: string): string[] => [
  'java',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-cp',
  path.join(installed, 'libs/*'),
]
const javaLimits = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']

const serverProperties = ({ port, controllerPort, logs }: { port: number; controllerPort: number; logs: string }) => ({
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
  'controller.listener.names': 'CONTROLLER',
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
  'log.dirs': logs,
  // One node: nothing to replicate to. Few partitions: each is files and memory.
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '3',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '1',
  'group.initial.rebalance.delay.ms': '0',
  // A topic that nobody created is a mistake that tests must see.
  'auto.create.topics.enable': 'false',
})

const render = (properties: Readonly<Record<string, string>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

const listsTopics = async (port: number, client: KafkaOptions['client']): Promise<boolean> => {
  const kafka = new Kafka({
    ...client,
    brokers: [`127.0.0.1:${port}`],
    clientId: 'reeltag-testing',
    logLevel: logLevel.NOTHING,
    connectionTimeout: answerMs,
    requestTimeout: answerMs,
    retry: { retries: 0 },
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    await admin.listTopics()
    return true
  } finally {
    await admin.disconnect()
  }
}
