import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { describeWith, joinAsStranger, pythonWith, startKafka, until, type NativeServer } from '@reeltag/testing'
import { Kafka, logLevel, type KafkaMessage } from 'kafkajs'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { root, RunningPlatform, samples } from './running-platform.js'

const prefix = 'e2e.'
const run = promisify(execFile)

/** The fenced example in that language, as a reader of the page would copy it. */
const exampleIn = (language: string): string => {
  const page = fs.readFileSync(path.join(root, 'docs/consuming-events.md'), 'utf8')
  return new RegExp(`\`\`\`${language} reader\\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? ''
}

/** A program that reads events, and what it has said. */
class Reader {
  output = ''

  private constructor(private readonly child: ChildProcess) {
    const keep = (chunk: Buffer): void => void (this.output += chunk.toString())
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
  }

  static start(program: string, file: string, code: string, env: Record<string, string>): Reader {
    fs.writeFileSync(file, code)
    return new Reader(spawn(program, [file], { env: { PATH: process.env['PATH'] ?? '', ...env } }))
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    this.child.kill('SIGKILL')
    await once(this.child, 'exit')
  }
}

describeWith(['kafka', 'python'], 'a platform on Kafka', () => {
  let broker: NativeServer
  let platform: RunningPlatform
  let readers: Reader[] = []
  let environment: Record<string, string>
  beforeAll(async () => {
    broker = await startKafka()
    environment = { KAFKA_BROKERS: broker.address, KAFKA_PREFIX: prefix }
    platform = await RunningPlatform.start(environment)
  })
  afterAll(async () => {
    for (const reader of readers) await reader.stop()
    await platform.close()
    await broker.remove()
  })

  const submit = async (index: number): Promise<string> => {
    const sample = samples()[index]!
    const response = await platform.submit({ title: sample.title, language: 'zh' }, sample.file)
    return ((await response.json()) as { id: string }).id
  }
  const concluded = (id: string) =>
    until(`${id} is tagged`, 90, async () => {
      const { state } = await platform.json<{ state: string }>(`/v1/contents/${id}`)
      return state === 'processing' ? undefined : state
    })
  const cli = async (...args: string[]): Promise<string> => {
    const file = path.join(root, 'apps/reeltag/dist/cli.js')
    const env = { PATH: process.env['PATH'] ?? '', ...environment }
    return (await run(process.execPath, [file, ...args], { env })).stdout
  }

  it('tells readers in two languages, with the programs of the page', async () => {
    const id = await submit(0)
    expect(await concluded(id)).toBe('published')
    const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
    const workspace = await workspaceOf(kafka)
    const env = { ...environment, WORKSPACE: workspace }
    const python = await pythonWith('kafka-python==3.0.12')
    readers = [
      Reader.start(process.execPath, path.join(root, `e2e/dist/reader-${process.pid}.mjs`), exampleIn('js'), env),
      Reader.start(python, path.join(platform.home, 'reader.py'), exampleIn('python'), env),
    ]
    for (const reader of readers) {
      await until('the reader has it', 60, () =>
        Promise.resolve(reader.output.includes(`${id} 1 `) || undefined),
      ).catch((error: unknown) => {
        throw new Error(reader.output, { cause: error })
      })
      expect(reader.output).toContain(samples()[0]!.path)
    }
  })

  it('says in events what a result supersedes', async () => {
    const id = await submit(0)
    expect(await concluded(id)).toBe('published')
    const { result } = await platform.json<{ result: { id: string } }>(`/v1/contents/${id}`)
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ contents: 'all' })
    expect((await platform.fetch('/v1/admin/reruns', { method: 'POST', headers, body })).status).toBe(202)
    const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
    const [first, second] = await publishedOf(kafka, id, 2)
    expect(first).toMatchObject({ revision: 1, predictionId: result.id, supersedes: null })
    expect(second).toMatchObject({ revision: 2, supersedes: { revision: 1, predictionId: result.id } })
  })

  it('accepts and tags while Kafka is down, stays ready, and tells everything afterwards', async () => {
    await broker.kill()
    const id = await submit(1)
    expect(await concluded(id)).not.toBe('failed')
    expect((await platform.fetch('/health/ready')).status).toBe(200)
    await broker.start()
    const [js] = readers
    const isPublished = (await platform.json<{ state: string }>(`/v1/contents/${id}`)).state === 'published'
    if (isPublished) {
      await until('the reader has it', 90, () => Promise.resolve(js!.output.includes(`${id} 1 `) || undefined))
    }
    const metrics = () => platform.fetch('/metrics').then((response) => response.text())
    await until(
      'the outbox is empty',
      90,
      async () => /^reeltag_outbox_unpublished 0$/m.test(await metrics()) || undefined,
    )
  })

  it('shows what could not be read on the command line, and replays it', async () => {
    const producer = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).producer()
    await producer.connect()
    await producer.send({
      topic: `${prefix}tags.published.v1`,
      messages: [{ key: 'k', value: '\u001B[31mnot an event' }],
    })
    await producer.disconnect()
    // Once by each service that reads it.
    const lines = await until('it is buried', 60, async () => {
      const listed = (await cli('dlq', 'list')).trim().split('\n')
      return listed.length === 2 ? listed : undefined
    })
    for (const [index, service] of ['policies', 'review'].entries())
      expect(lines.map((line) => line.replace(/^\S+\t/, '')).sort()[index]).toMatch(
        new RegExp(`^${service}\\ttags\\.published\\.v1\\t–\\t–\\tEVENT_UNREADABLE\\topen\\t`),
      )
    expect(await cli('dlq', 'list', '--consumer', 'fusion')).toBe('')
    await expect(cli('dlq', 'replay')).rejects.toThrow(/--all/)
    expect(await cli('dlq', 'replay', '--code', 'EVENT_UNREADABLE', '--dry-run')).toMatch(/2 would be delivered again/)
    expect(await cli('dlq', 'replay', '--topic', 'tags.published.v1')).toMatch(/2 are delivered again/)
    await until('it has failed again', 60, async () => {
      const listed = (await cli('dlq', 'list', '--replayed')).trim().split('\n')
      return listed.length === 4 || undefined
    })
  })

  it('ends with 75 when a consumer is refused for ever', async () => {
    const other = { ...environment, KAFKA_PREFIX: `${prefix}other.` }
    const first = await RunningPlatform.start(other)
    await first.stop()
    const topic = `${prefix}other.review.requested.v1`
    const stranger = await joinAsStranger(broker.address, `${prefix}other.review`, topic)
    await first.boot()
    expect(await first.ended()).toBe(75)
    expect(first.log).toContain('CONSUMER_DEAD')
    await stranger.disconnect()
    await first.close()
  })
})

/** Reads a topic from its beginning until `found` has what was looked for. */
const read = async <T>(
  kafka: Kafka,
  { groupId, topic }: { readonly groupId: string; readonly topic: string },
  found: (message: KafkaMessage) => T | undefined,
): Promise<T> => {
  const consumer = kafka.consumer({ groupId: `${prefix}${groupId}` })
  await consumer.connect()
  await consumer.subscribe({ topic: `${prefix}${topic}`, fromBeginning: true })
  const wanted = await new Promise<T>((resolve) => {
    void consumer.run({
      eachMessage: ({ message }) => {
        const what = found(message)
        if (what !== undefined) resolve(what)
        return Promise.resolve()
      },
    })
  })
  await consumer.disconnect()
  return wanted
}

/** As any reader finds it: from the headers of the first event. */
const workspaceOf = (kafka: Kafka): Promise<string> =>
  read(kafka, { groupId: 'e2e-workspace', topic: 'content.submitted.v1' }, ({ headers }) =>
    String(headers?.['ce_workspaceid'] ?? ''),
  )

/** So many results of a content, as they were published. */
const publishedOf = (kafka: Kafka, contentId: string, count: number): Promise<unknown[]> => {
  const results: unknown[] = []
  return read(kafka, { groupId: 'e2e-results', topic: 'tags.published.v1' }, ({ key, value }) => {
    if (String(key) === contentId) results.push(JSON.parse(String(value)))
    return results.length === count ? results : undefined
  })
}
