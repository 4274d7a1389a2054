import { LabelSource } from '@reeltag/contracts'
import { findWorkspace } from '@reeltag/pipeline'
import { resolveUserPath, type Config } from '@reeltag/platform'
import { exportLabels, importLabels, type LabelFileFormat } from '@reeltag/policies'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { actorOf, namedArguments, wrongArgument } from '../arguments/arguments.js'
import { withDatabase } from '../commands/with-database.js'
import { openBar } from './open-bar.js'

export const labelUsage = `  labels import <file> [--resume] [--source import|review|audit|gold] [--who <name>] [--at <time>] [--format csv|ndjson|parquet]
               [--workspace default]
  labels export <file> [--facet <facet>] [--source <source>] [--history] [--format csv|ndjson|parquet] [--workspace default]`

/** The import has come to its end, and some rows were refused. */
const someRefused = 3

const one = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const shared = { workspace: { type: 'string', default: 'default' }, format: one, source: one } as const

const oneOf = <S extends z.ZodType>(
  schema: S,
  option: string,
  value: string | undefined,
  takes = `it takes ${(schema instanceof z.ZodEnum ? schema.options : []).join(', ')}`,
): z.infer<S> | undefined => {
  if (value === undefined) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw wrongArgument(`--${option} ${value}`, `is not possible: ${takes}`)
}

const Format = z.enum(['csv', 'ndjson', 'parquet']) satisfies z.ZodType<LabelFileFormat>
const Time = z.iso.datetime({ offset: true })

const fileOf = (positionals: readonly string[]): string => resolveUserPath(namedArguments(positionals, ['file']).file)

const importFile = async (config: Config, args: string[], print: (line: string) => void): Promise<number> => {
  const options = { ...shared, resume: flag, who: one, at: one }
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const file = fileOf(positionals)
  const format = oneOf(Format, 'format', values.format)
  const source = oneOf(LabelSource, 'source', values.source)
  const who = values.who ?? actorOf()
  const at = oneOf(Time, 'at', values.at, 'it takes a time such as 2026-11-30T08:00:00+08:00')
  const bar = openBar(format === 'parquet' || file.endsWith('.parquet') ? 'rows' : 'bytes')
  const onProgress = (done: number, total: number): void => (bar.isActive ? bar.update(done) : bar.start(total, done))
  return withDatabase(config, async (db) => {
    try {
      const { rows, stored, known, refused, refusedFile } = await importLabels(
        { db, folders: config.models },
        (await findWorkspace(db, values.workspace)).id,
        file,
        { format, resume: values.resume, defaults: { source, who, at }, onProgress },
      )
      bar.stop()
      print([`rows=${rows}`, `stored=${stored}`, `known=${known}`, `refused=${refused}`].join('\t'))
      if (refused === 0) return 0
      print(`the refused rows, with their lines and reasons, are in ${refusedFile}`)
      return someRefused
    } finally {
      bar.stop()
    }
  })
}

const exportFile = (config: Config, args: string[], print: (line: string) => void): Promise<void> => {
  const options = { ...shared, facet: one, history: flag }
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const file = fileOf(positionals)
  const { facet, history, workspace } = values
  const format = oneOf(Format, 'format', values.format)
  const source = oneOf(LabelSource, 'source', values.source)
  return withDatabase(config, async (db) => {
    const { id } = await findWorkspace(db, workspace)
    print(`rows=${await exportLabels(db, id, file, { format, facet, source, history })}`)
  })
}

export const labelCommands = {
  'labels import': importFile,
  'labels export': exportFile,
}
