import 'reflect-metadata'
import { ReeltagError } from '@reeltag/contracts'
import { loadConfig, type Config } from '@reeltag/platform'
import { usageOf } from '../arguments/usage.js'
import { calibrateCommands } from '../decision-commands/calibrate-commands.js'
import { labelCommands } from '../decision-commands/label-commands.js'
import { policyCommands } from '../decision-commands/policy-commands.js'
import { redecisionCommands } from '../decision-commands/redecision-commands.js'
import { reviewCommands } from '../decision-commands/review-commands.js'
import { explain } from '../explain.js'
import { asFileProblem } from './file-problem.js'
import { taxonomyCommands } from '../taxonomy-commands/taxonomy-commands.js'
import { listDeadLetters, replayDeadLetters } from './dead-letter-commands.js'
import { importPack } from './import-command.js'
import { keyCommands } from '../account-commands/key-commands.js'
import { deploy } from './migrate-command.js'
import { packCommands } from './pack-commands.js'
import { queueCommands } from './queue-commands.js'
import { rerunCommands } from './rerun-commands.js'
import { shadowCommands } from './shadow-commands.js'
import { userCommands } from '../account-commands/user-commands.js'

type Command = (config: Config, args: string[], print: (line: string) => void) => Promise<number | void> | void

const commands: Record<string, Command> = {
  ...keyCommands,
  ...userCommands,
  ...packCommands,
  ...shadowCommands,
  'packs import': importPack,
  'dlq list': listDeadLetters,
  'dlq replay': replayDeadLetters,
  ...queueCommands,
  ...rerunCommands,
  ...labelCommands,
  ...taxonomyCommands,
  ...calibrateCommands,
  ...policyCommands,
  ...redecisionCommands,
  ...reviewCommands,
  'migrate deploy': deploy,
}

/** Nothing was done, because the command was not understood. */
const mistypedCode = 2

/** @returns the exit status */
export const runCommand = async (
  words: readonly string[],
  env: Record<string, string | undefined>,
): Promise<number> => {
  const [noun = '', verb = ''] = words
  if (noun === '' || noun === 'help' || isHelp(words)) {
    const asked = noun === 'help' ? words.slice(1) : words
    console.log(usageOf(asked.filter((word) => !word.startsWith('-'))))
    return 0
  }
  // Most commands are two words; one takes a name as its second.
  const both = commands[`${noun} ${verb}`]
  const command = both ?? (Object.hasOwn(commands, noun) ? commands[noun] : undefined)
  const rest = words.slice(both === undefined ? 1 : 2)
  if (command === undefined) {
    console.error(`there is no command ${`${noun} ${verb}`.trim()}\n\n${usageOf([noun])}`)
    return mistypedCode
  }
  try {
    return (await command(loadConfig(env), rest, console.log)) ?? 0
  } catch (error) {
    const wrong = asWrongArgument(error)
    console.error(wrong === undefined ? explain(asFileProblem(error)) : `${explain(wrong)}\n\n${usageOf([noun, verb])}`)
    return wrong === undefined ? 1 : mistypedCode
  }
}

/** Behind `--` stand values, whatever they look like. */
const isHelp = (words: readonly string[]): boolean => {
  const end = words.indexOf('--')
  return (end === -1 ? words : words.slice(0, end)).some((word) => word === '--help' || word === '-h')
}

const asWrongArgument = (error: unknown): ReeltagError | undefined => {
  if (error instanceof ReeltagError) return error.code === 'ARGUMENT_INVALID' ? error : undefined
  // What parseArgs refuses: an option that the command does not know, or one without its value.
  const refused = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  return refused ? new ReeltagError('ARGUMENT_INVALID', error.message) : undefined
}
