import { deadLetterUsage } from '../commands/dead-letter-commands.js'
import { healthUsage } from '../commands/health-command.js'
import { importUsage } from '../commands/import-command.js'
import { keyUsage } from '../account-commands/key-commands.js'
import { migrateUsage } from '../commands/migrate-command.js'
import { packUsage } from '../commands/pack-commands.js'
import { queueUsage } from '../commands/queue-commands.js'
import { rerunUsage } from '../commands/rerun-commands.js'
import { shadowUsage } from '../commands/shadow-commands.js'
import { userUsage } from '../account-commands/user-commands.js'
import { calibrateUsage } from '../decision-commands/calibrate-commands.js'
import { labelUsage } from '../decision-commands/label-commands.js'
import { policyUsage } from '../decision-commands/policy-commands.js'
import { redecisionUsage } from '../decision-commands/redecision-commands.js'
import { reviewUsage } from '../decision-commands/review-commands.js'
import { taxonomyUsage } from '../taxonomy-commands/taxonomy-usage.js'
import { examples } from './examples.js'

const program = 'npm run reeltag --'

/** Each command begins with two spaces; further lines of it are indented more. */
const commands = [
  keyUsage,
  userUsage,
  packUsage,
  shadowUsage,
  importUsage,
  queueUsage,
  rerunUsage,
  labelUsage,
  calibrateUsage,
  policyUsage,
  redecisionUsage,
  reviewUsage,
  deadLetterUsage,
  taxonomyUsage,
  migrateUsage,
  healthUsage,
]
  .join('\n')
  .split(/\n(?= {2}\S)/)

/** `health [ready|live]` is `health ready`, too. */
const wordsOf = (text: string): string[] => text.trim().replaceAll(/[[\]]/g, '').split(/\s+/)

/** Whether a line of the usage, or an example, is about these words: `queues pause|resume <queue>` is about both. */
const isAbout = (text: string, words: readonly string[]): boolean => {
  const own = wordsOf(text)
  return words.every((word, index) => own[index]?.split('|').includes(word) === true)
}

/** Every command that is named in the usage, as its first two words; of one that takes a name there, the first alone. */
export const commandNames = commands.flatMap((command) => {
  const [noun = '', verbs = ''] = wordsOf(command)
  return verbs.startsWith('<') ? [noun] : verbs.split('|').map((verb) => `${noun} ${verb}`)
})

export const exitCodes = `Exit codes: 0 done · 1 failed · 2 an argument is wrong, nothing was done · 3 done, but some rows were refused.`

export const usage = `usage: ${program} <command>

${commands.join('\n')}

${program} <command> --help shows a command with examples, and <group> --help all of a group.
Commands for keys, users, activation of packs, queues, contents, labels, calibrations, policies and dead letters need a running platform or DATABASE_URL.
For dead letters KAFKA_BROKERS is enough.
${exitCodes}`

/**
 * @param words a group such as `policies`, or a command of it; a command that does not exist gets its group
 * @returns its usage with examples, or that of everything where there is no such group
 */
export const usageOf = (words: readonly string[]): string => {
  const narrowest = [words.slice(0, 2), words.slice(0, 1)].find(
    (some) => some.length > 0 && commands.some((command) => isAbout(command, some)),
  )
  if (narrowest === undefined) return usage
  const about = (text: string): boolean => isAbout(text, narrowest)
  const shown = examples.filter(about).map((example) => `  ${program} ${example}`)
  return [`usage: ${program} <command>`, '', ...commands.filter(about), '', 'examples:', ...shown, '', exitCodes].join(
    '\n',
  )
}
