import 'reflect-metadata'
import { ReeltagError, KeyScope } from '@reeltag/contracts'
import { KeysRepository, KeysService } from '@reeltag/http'
import { loadConfig, type Config } from '@reeltag/platform'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { deadLetterUsage, listDeadLetters, replayDeadLetters } from './dead-letter-commands.js'
import { explain } from '../explain.js'
import { healthUsage } from './health-command.js'
import { importPack, importUsage } from './import-command.js'
import { labelCommands, labelUsage } from '../decision-commands/label-commands.js'
import { policyCommands, policyUsage } from '../decision-commands/policy-commands.js'
import { reviewCommands, reviewUsage } from '../decision-commands/review-commands.js'
import { deploy, migrateUsage } from './migrate-command.js'
import { packCommands, packUsage } from './pack-commands.js'
import { queueCommands, queueUsage } from './queue-commands.js'
import { rerunCommands, rerunUsage } from './rerun-commands.js'
import { shadowCommands, shadowUsage } from './shadow-commands.js'
import { taxonomyCommands } from '../taxonomy-commands/taxonomy-commands.js'
import { taxonomyUsage } from '../taxonomy-commands/taxonomy-usage.js'
import { withDatabase } from './with-database.js'

const usage = `usage: npm run reeltag -- <command>

  keys create --name <name> [--workspace default] [--scope contents:read,contents:write,…]
  keys list
  keys revoke <prefix>
${packUsage}
${shadowUsage}
${importUsage}
${queueUsage}
${rerunUsage}
${labelUsage}
${policyUsage}
${reviewUsage}
${deadLetterUsage}
${taxonomyUsage}
${migrateUsage}
${healthUsage}

Commands for keys, activation of packs, queues, contents, labels, policies and dead letters need a running platform or DATABASE_URL.
For dead letters KAFKA_BROKERS is enough.`

const withKeys = (config: Config, run: (keys: KeysService) => Promise<void>): Promise<void> =>
  withDatabase(config, (db) => run(new KeysService(new KeysRepository(db))))

const createKey = async (config: Config, args: string[]): Promise<void> => {
  const { values } = parseArgs({
    args,
    options: { name: { type: 'string' }, workspace: { type: 'string', default: 'default' }, scope: { type: 'string' } },
  })
  if (values.name === undefined) throw new ReeltagError('CONFIG_INVALID', `--name is missing\n${usage}`)
  const scopes = z.array(KeyScope).safeParse(values.scope?.split(',') ?? ['contents:read', 'contents:write'])
  if (!scopes.success) throw new ReeltagError('CONFIG_INVALID', `--scope takes ${KeyScope.options.join(', ')}`)
  const { name, workspace } = values
  for (const [option, value] of Object.entries({ name, workspace })) {
    // They are columns of `keys list`.
    if (!/^[^\p{Cc}\p{Zl}\p{Zp}]{1,100}$/u.test(value) || value.trim() === '')
      throw new ReeltagError('CONFIG_INVALID', `--${option} takes 1 to 100 characters, no tabs or line breaks`)
  }
  await withKeys(config, async (keys) => {
    const key = await keys.create({ name, workspace, pack: config.models.pack, scopes: scopes.data })
    console.log(key)
    console.error('The key is shown only this once. 密钥仅显示这一次。')
  })
}

const listKeys = (config: Config): Promise<void> =>
  withKeys(config, async (keys) => {
    for (const { prefix, workspace, workspaceId, name, scopes, createdAt, revokedAt } of await keys.list()) {
      const state = revokedAt === null ? 'active' : `revoked ${revokedAt.toISOString()}`
      console.log([prefix, workspace, name, scopes.join(','), createdAt.toISOString(), state, workspaceId].join('\t'))
    }
  })

const revokeKey = (config: Config, [prefix]: string[]): Promise<void> => {
  if (prefix === undefined) throw new ReeltagError('CONFIG_INVALID', `the prefix of the key is missing\n${usage}`)
  return withKeys(config, (keys) => keys.revoke(prefix))
}

type Command = (config: Config, args: string[], print: (line: string) => void) => Promise<number | void> | void

const commands: Record<string, Command> = {
  'keys create': createKey,
  'keys list': listKeys,
  'keys revoke': revokeKey,
  ...packCommands,
  ...shadowCommands,
  'packs import': importPack,
  'dlq list': listDeadLetters,
  'dlq replay': replayDeadLetters,
  ...queueCommands,
  ...rerunCommands,
  ...labelCommands,
  ...taxonomyCommands,
  ...policyCommands,
  ...reviewCommands,
  'migrate deploy': deploy,
}

/** @returns the exit status */
export const runCommand = async (
  [noun = '', verb = '', ...rest]: string[],
  env: Record<string, string | undefined>,
): Promise<number> => {
  const command = commands[`${noun} ${verb}`]
  try {
    if (command === undefined) {
      console.error(usage)
      return noun === '' || noun === 'help' || noun === '--help' ? 0 : 2
    }
    return (await command(loadConfig(env), rest, console.log)) ?? 0
  } catch (error) {
    const mistyped = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true
    console.error(mistyped ? `${(error as Error).message}\n\n${usage}` : explain(error))
    return mistyped ? 2 : 1
  }
}
