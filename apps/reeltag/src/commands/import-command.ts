import { ReeltagError, isErrorCode } from '@reeltag/contracts'
import { resolveUserPath, type Config } from '@reeltag/platform'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { namedArguments, required, wrongArgument } from '../arguments/arguments.js'

export const importUsage = `  packs import chinese-clip --checkpoint <file> [--size vit-b-16] [--precision fp32|fp16|int8] [--taxonomy starter/1]
               [--vocabulary <file>] [--name <name>] [--version 1.0.0] [--resolution <pixels>] [--sha256 <hex>]
               [--layout official|hf] [--image-weight 0.7] [--frames 4] [--calibration <folder>] [--licence <text>]`

const text = { type: 'string' } as const
const files = ['checkpoint', 'vocabulary', 'calibration'] as const
const options = {
  checkpoint: text,
  vocabulary: text,
  calibration: text,
  size: text,
  layout: text,
  precision: text,
  resolution: text,
  sha256: text,
  taxonomy: text,
  frames: text,
  name: text,
  version: text,
  licence: text,
  'image-weight': text,
} as const

/** A line of the importer's standard output. */
const Report = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), step: z.string(), detail: z.string() }),
  z.object({ kind: z.literal('done'), pack: z.string(), folder: z.string(), exactness: z.unknown() }),
  z.object({ kind: z.literal('refused'), code: z.string(), cause: z.string(), remedy: z.string() }),
])
type Report = z.infer<typeof Report>

/**
 * Makes a pack from a published checkpoint with the importer in training/.
 * @throws what the importer refused it for, PACK_IMPORT_REFUSED, PYTHON_MISSING
 */
export const importPack = async (config: Config, args: string[], print: (line: string) => void): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const { kind } = namedArguments(positionals, ['kind'])
  if (kind !== 'chinese-clip') throw wrongArgument(kind, 'cannot be imported: the command takes chinese-clip')
  required('checkpoint', values.checkpoint)
  const passed = Object.entries(values).flatMap(([name, value]) => [`--${name}`, pathOr(name, value)])
  const { modelsDir, taxonomiesDir } = config.models
  const last = await runImporter(config, ['--models', modelsDir, '--taxonomies', taxonomiesDir, ...passed], print)
  if (last?.kind === 'done') {
    print(`${last.pack} is in ${last.folder}`)
    print(`next: npm run reeltag -- packs verify ${last.pack} && npm run reeltag -- packs activate ${last.pack}`)
  } else if (last?.kind === 'refused') {
    const { code, cause, remedy } = last
    throw isErrorCode(code)
      ? new ReeltagError(code, `${cause}. ${remedy}`)
      : new ReeltagError('PACK_IMPORT_REFUSED', `${code}: ${cause}. ${remedy}`)
  }
}

const pathOr = (option: string, value: string): string =>
  (files as readonly string[]).includes(option) ? resolveUserPath(value) : value

const runImporter = async (
  { training: { folder, python } }: Config,
  args: readonly string[],
  print: (line: string) => void,
): Promise<Report | undefined> => {
  const source = path.join(folder, 'src')
  if (!fs.existsSync(source))
    throw new ReeltagError(
      'PYTHON_MISSING',
      `the importer is missing:  ${source} does not exist; use a clone of Reeltag`,
    )
  // With -m Python looks for modules in its working directory first.
  const child = spawn(python, ['-X', 'utf8', '-m', 'reeltag_training.import_clip', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: source,
  })
  let last: Report | undefined
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-8_000)))
  createInterface(child.stdout).on('line', (line) => {
    last = readReport(line) ?? last
    if (last?.kind === 'progress') print(`${last.step}\t${last.detail}`)
  })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new ReeltagError('PYTHON_MISSING', `${python} cannot be started`, { cause: error })),
    )
    child.once('close', resolve)
  })
  if (last?.kind === 'done' || last?.kind === 'refused') return last
  throw toRefusal(status, complaints)
}

const readReport = (line: string): Report | undefined => {
  try {
    return Report.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

/** The importer ended without a result: a package is missing, an option is wrong, or memory ran out. */
const toRefusal = (status: number | null, complaints: string): ReeltagError => {
  const missing = /No module named '([\w.]+)'/.exec(complaints)?.[1]
  if (missing !== undefined) return new ReeltagError('PYTHON_MISSING', `Python has no package ${missing}`)
  if (status === 2)
    return new ReeltagError('ARGUMENT_INVALID', complaints.trim().split('\n').at(-1) ?? 'an invalid option')
  if (status === null || status === 137)
    return new ReeltagError('MODEL_MEMORY', 'the importer was killed, most likely because memory ran out')
  return new ReeltagError('PACK_IMPORT_REFUSED', complaints.trim() || `the importer ended with ${status}`)
}
