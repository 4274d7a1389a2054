import { ReeltagError, type ErrorCode } from '@reeltag/contracts'
import { isNode, LineCounter, parseDocument, visit, type Document } from 'yaml'
import type { z } from 'zod'
import { beyondLimits } from './yaml-limits.js'

/** Keys and indexes from the top of a file to a value. */
export type Place = readonly PropertyKey[]

export interface Fault {
  readonly place: Place
  readonly message: string
  /** What kind of fault it is, where a reader of faults may want to know. */
  readonly rule?: 'alias' | 'cycle' | 'duplicate-id' | 'empty' | 'missing' | 'too-deep'
}

/** A file that was read: its content if it has the form of the schema, and what is wrong with it if it has not. */
export interface Inspected<T> {
  readonly value: T | undefined
  readonly faults: readonly Fault[]
  /** From 1. A fault that is an absence has the line of the nearest thing above it. */
  readonly lineOf: (place: Place) => number
  /** `line 3: facets[0].id message` */
  readonly describe: (fault: Fault) => string
}

// One wrong indentation can make all nodes below it wrong, so only the first faults are listed.
const faultsMax = 20

/** Reads YAML by a schema. Nothing is thrown: the caller wants every fault, or throws by `refuse`. */
export const inspectYaml = <T>(text: string, schema: z.ZodType<T>): Inspected<T> => {
  const lines = new LineCounter()
  const limit = beyondLimits(text)
  if (limit !== undefined) {
    const line = text.slice(0, limit.offset).split('\n').length
    const fault: Fault = { place: [], message: limit.message, rule: 'too-deep' }
    return { value: undefined, faults: [fault], ...byLine([{ line, fault }]) }
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const lineOf = (place: Place): number => lineAt(document, lines, place)
  const describe = ({ place, message }: Fault): string => `line ${lineOf(place)}: ${write(place)} ${message}`
  const broken = [...document.errors.map(({ pos, message }) => at(lines, pos[0], message)), ...aliases(document, lines)]
  if (broken.length > 0) return { value: undefined, faults: broken.map(({ fault }) => fault), ...byLine(broken) }
  const parsed = schema.safeParse(document.toJS())
  if (parsed.success) return { value: parsed.data, faults: [], lineOf, describe }
  return { value: undefined, faults: parsed.error.issues.map(toFault), lineOf, describe }
}

/** @throws `code` with the first faults, if there are any */
export const refuse = (code: ErrorCode, origin: string, faults: readonly string[]): void => {
  if (faults.length === 0) return
  const more = faults.length > faultsMax ? [`and ${faults.length - faultsMax} more`] : []
  throw new ReeltagError(code, [`${origin}:`, ...faults.slice(0, faultsMax), ...more].join('\n  '))
}

/**
 * Reads YAML by a schema, and by a check of what a schema cannot say.
 * @throws `code` with every fault: line, place, what to do
 */
export const readYaml = <T>(
  code: ErrorCode,
  origin: string,
  text: string,
  schema: z.ZodType<T>,
  check: (value: T) => readonly Fault[],
): T => {
  const { value, faults, describe } = inspectYaml(text, schema)
  refuse(code, origin, faults.map(describe))
  if (value === undefined) throw new ReeltagError(code, `${origin} is empty`)
  refuse(code, origin, check(value).map(describe))
  return value
}

export const write = (place: Place): string =>
  place
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '') || 'the file'

interface Located {
  readonly line: number
  readonly fault: Fault
}

const at = (lines: LineCounter, offset: number, message: string, rule?: Fault['rule']): Located => ({
  line: lines.linePos(offset).line,
  fault: { place: [], message, ...(rule === undefined ? {} : { rule }) },
})

/** A file that is no tree of values has no places: its faults are known by their lines alone. */
const byLine = (broken: readonly Located[]): Pick<Inspected<never>, 'describe' | 'lineOf'> => {
  const line = (fault: Fault): number => broken.find((one) => one.fault === fault)?.line ?? 1
  return { lineOf: () => broken[0]?.line ?? 1, describe: (fault) => `line ${line(fault)}: ${fault.message}` }
}

/** A few nested aliases can expand to gigabytes, and one could put a node below itself. */
const aliases = (document: Document, lines: LineCounter): Located[] => {
  const faults: Located[] = []
  visit(document, {
    Alias: (_, { source, range }) => {
      faults.push(at(lines, range?.[0] ?? 0, `*${source} is an alias: write its content out`, 'alias'))
    },
  })
  return faults
}

const toFault = (issue: z.core.$ZodIssue): Fault => {
  if (issue.code === 'unrecognized_keys') {
    const [first = ''] = issue.keys
    const all = issue.keys.map((key) => `"${key}"`).join(', ')
    return { place: [...issue.path, first], message: `is unknown here (${all}): correct its spelling or remove it` }
  }
  const fault = { place: issue.path, message: issue.message }
  if (issue.code === 'too_small') return { ...fault, rule: 'empty' }
  return issue.code === 'invalid_type' && issue.input === undefined ? { ...fault, rule: 'missing' } : fault
}

/** Line of the node at a place, or of the nearest one above it where the fault is an absence. */
const lineAt = (document: Document, lines: LineCounter, place: Place): number => {
  const node = place.length === 0 ? document.contents : document.getIn(place, true)
  if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  return place.length === 0 ? 1 : lineAt(document, lines, place.slice(0, -1))
}
