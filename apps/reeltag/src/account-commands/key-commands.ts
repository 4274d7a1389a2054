import { KeyScope } from '@reeltag/contracts'
import { KeysRepository, KeysService } from '@reeltag/http'
import type { Config } from '@reeltag/platform'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { columnText, namedArguments, required, wrongArgument } from '../arguments/arguments.js'
import { withDatabase } from '../commands/with-database.js'

export const keyUsage = `  keys create --name <name> [--workspace default] [--scope contents:read,contents:write,…]
  keys list
  keys revoke <prefix>`

const withKeys = (config: Config, run: (keys: KeysService) => Promise<void>): Promise<void> =>
  withDatabase(config, (db) => run(new KeysService(new KeysRepository(db))))

type Print = (line: string) => void

const createKey = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values } = parseArgs({
    args,
    options: { name: { type: 'string' }, workspace: { type: 'string', default: 'default' }, scope: { type: 'string' } },
  })
  const scopes = z.array(KeyScope).safeParse(values.scope?.split(',') ?? ['contents:read', 'contents:write'])
  if (!scopes.success) throw wrongArgument('--scope', `takes ${KeyScope.options.join(', ')}`)
  const name = columnText('--name', required('name', values.name))
  const workspace = columnText('--workspace', values.workspace)
  await withKeys(config, async (keys) => {
    const key = await keys.create({ name, workspace, pack: config.models.pack, scopes: scopes.data })
    print(key)
    // Not on standard output, which scripts take the key from.
    process.stderr.write('The key is shown only this once. 密钥仅显示这一次。\n')
  })
}

const listKeys = (config: Config, _: string[], print: Print): Promise<void> =>
  withKeys(config, async (keys) => {
    for (const { prefix, workspace, workspaceId, name, scopes, createdAt, revokedAt } of await keys.list()) {
      const state = revokedAt === null ? 'active' : `revoked ${revokedAt.toISOString()}`
      print([prefix, workspace, name, scopes.join(','), createdAt.toISOString(), state, workspaceId].join('\t'))
    }
  })

const revokeKey = (config: Config, args: string[]): Promise<void> => {
  const { prefix } = namedArguments(args, ['prefix'])
  return withKeys(config, (keys) => keys.revoke(prefix))
}

export const keyCommands = {
  'keys create': createKey,
  'keys list': listKeys,
  'keys revoke': revokeKey,
}
