import { ReeltagError } from '@reeltag/contracts'
import os from 'node:os'
import type { z } from 'zod'

/**
 * The error for an argument that a command does not take. The usage of the command is shown behind it.
 * @param argument as it is typed: `--wait`, or what stands in its place in the usage, such as `<file>`
 * @param problem goes on after the argument, e.g. `takes 1 to 3600 seconds`
 */
export const wrongArgument = (argument: string, problem: string, cause?: unknown): ReeltagError =>
  new ReeltagError('ARGUMENT_INVALID', `${argument} ${problem}`, { cause })

/** @throws ARGUMENT_INVALID for any other number of arguments than these names, and for an empty one */
export const namedArguments = <N extends string>(given: readonly string[], names: readonly N[]): Record<N, string> => {
  const missing = names[given.length]
  if (missing !== undefined) throw wrongArgument(`<${missing}>`, 'is missing')
  if (given.length > names.length)
    throw wrongArgument(given.slice(names.length).join(' '), `is too much: the command takes ${taken(names)}`)
  const empty = names.find((_, index) => given[index]?.trim() === '')
  if (empty !== undefined) throw wrongArgument(`<${empty}>`, 'is empty')
  return Object.fromEntries(names.map((name, index) => [name, given[index] ?? ''])) as Record<N, string>
}

const taken = (names: readonly string[]): string =>
  names.length === 0 ? 'options only' : names.map((name) => `<${name}>`).join(' ')

/** @throws ARGUMENT_INVALID where an option is missing */
export const required = (option: string, value: string | undefined): string => {
  if (value !== undefined) return value
  throw wrongArgument(`--${option}`, 'is missing')
}

/**
 * An empty argument is what a variable of the shell leaves that was never set: it is no 0.
 * @param argument as `wrongArgument` takes it
 * @throws ARGUMENT_INVALID for what is not written as a decimal number
 */
export const numberOf = (argument: string, text: string): number => {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text)
  throw wrongArgument(argument, `takes a number, not '${text}'`)
}

/**
 * @param names the arguments as they are typed, by the field of the schema that each fills
 * @throws ARGUMENT_INVALID, naming every argument that does not fit
 */
export const checked = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  names: Readonly<Record<string, string>>,
): z.infer<S> => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path: [field = '', ...within], message }) =>
    [names[String(field)] ?? `--${String(field)}`, ...within.map(String)].join(' ').concat(`: ${message}`),
  )
  throw new ReeltagError('ARGUMENT_INVALID', problems.join('; '))
}

/** @throws ARGUMENT_INVALID for text that would break a column of a list */
export const columnText = (argument: string, text: string): string => {
  if (/^[^\p{Cc}\p{Zl}\p{Zp}]{1,100}$/u.test(text) && text.trim() !== '') return text
  throw wrongArgument(argument, 'takes 1 to 100 characters, no tabs or line breaks')
}

/** Who changes something, unless `--as` says it. */
const user = (): string => `${accountName()}@${os.hostname()}`

/** In a container the account may have a number and no name. */
const accountName = (): string => {
  try {
    return os.userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}

/** @throws ARGUMENT_INVALID */
export const actorOf = (as = user()): string => columnText('--as', as)
