import { openDeadLetters, type DeadLetter, type DeadLetterFilter, type DeadLetters } from '@reeltag/events'
import { createLogger, Database, openEmbeddedPostgres, type Config } from '@reeltag/platform'
import { parseArgs } from 'node:util'
import { wrongArgument } from '../arguments/arguments.js'

export const deadLetterUsage = `  dlq list   [--consumer <service>] [--topic <event>] [--event <id>] [--code <code>] [--replayed]
  dlq replay [--consumer <service>] [--topic <event>] [--event <id>] [--code <code>] [--all] [--dry-run]`

const options = {
  consumer: { type: 'string' },
  topic: { type: 'string' },
  event: { type: 'string' },
  code: { type: 'string' },
  replayed: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
} as const

const filterOf = (values: Partial<Record<'consumer' | 'topic' | 'event' | 'code', string>>): DeadLetterFilter => ({
  consumer: values.consumer,
  name: values.topic,
  eventId: values.event,
  code: values.code,
})

/** In Kafka where the configuration names it, else in the Postgres of a platform that runs. */
const withDeadLetters = async (config: Config, run: (letters: DeadLetters) => Promise<void>): Promise<void> => {
  let db: Database | undefined
  const openDatabase = async (): Promise<Database> => {
    db = new Database(config.database.url ?? (await openEmbeddedPostgres(config.home)), { poolMax: 2 })
    return db
  }
  const letters = await openDeadLetters(config, createLogger({ level: 'silent' }), openDatabase)
  try {
    await run(letters)
  } finally {
    await letters.close()
    await db?.close()
  }
}

// The content of a letter is not trusted, so it must not contain control characters for the terminal.
const printable = (text: string): string => text.replaceAll(/\p{C}+/gu, ' ')

const toLine = (letter: DeadLetter): string =>
  [
    letter.failedAt.toISOString(),
    letter.consumer,
    letter.name,
    letter.eventId ?? '–',
    letter.contentId ?? '–',
    letter.code,
    letter.replayedAt === null ? 'open' : `replayed ${letter.replayedAt.toISOString()}`,
    letter.place,
    letter.detail,
  ]
    .map(printable)
    .join('\t')

export const listDeadLetters = (config: Config, args: string[], print: (line: string) => void): Promise<void> => {
  const { values } = parseArgs({ args, options })
  return withDeadLetters(config, async (letters) => {
    for (const letter of await letters.list({ ...filterOf(values), replayed: values.replayed })) print(toLine(letter))
  })
}

export const replayDeadLetters = (config: Config, args: string[], print: (line: string) => void): Promise<void> => {
  const { values } = parseArgs({ args, options })
  const filter = filterOf(values)
  if (!values.all && Object.values(filter).every((value) => value === undefined)) {
    throw wrongArgument('a filter or --all', 'is missing: choose which dead letters to replay')
  }
  return withDeadLetters(config, async (letters) => {
    const open = await letters.list(filter)
    const replayed = values['dry-run'] ? open.filter(({ isWhole }) => isWhole) : await letters.replay(filter)
    for (const letter of replayed) print(toLine(letter))
    print(
      `${replayed.length} ${values['dry-run'] ? 'would be' : 'are'} delivered again, each to the consumer that failed`,
    )
    const parts = open.filter(({ isWhole }) => !isWhole)
    for (const letter of parts) print(toLine(letter))
    if (parts.length > 0)
      print(
        `${parts.length} cannot be replayed: the message was too large to keep; the line says where the original is`,
      )
  })
}
