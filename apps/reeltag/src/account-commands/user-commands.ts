import { NewUser } from '@reeltag/contracts'
import { AuditLog, KeysRepository, signInUrl, UsersRepository, UsersService, type UserRow } from '@reeltag/http'
import type { Config, Database } from '@reeltag/platform'
import { parseArgs } from 'node:util'
import { actorOf, checked, columnText, namedArguments } from '../arguments/arguments.js'
import { withDatabase } from '../commands/with-database.js'

export const userUsage = `  users add <name> [--role reviewer|lead|admin] [--email <address>] [--workspace default]
  users list [--workspace default]
  users link <name> [--workspace default]
  users disable|enable <name> [--workspace default]
  users role <name> <reviewer|lead|admin> [--workspace default]`

type Print = (line: string) => void
/** The users of one workspace, as this command may change them. */
interface Users {
  readonly users: UsersService
  readonly by: { readonly workspaceId: string; readonly actor: string }
}

const workspace = { workspace: { type: 'string', default: 'default' } } as const
/** A page of users; the command goes through all. */
const pageSize = 100

const withUsers = <T>(config: Config, name: string, run: (users: Users) => Promise<T>): Promise<T> =>
  withDatabase(config, async (db) => {
    const workspaceId = await new KeysRepository(db).ensureWorkspace(
      columnText('--workspace', name),
      config.models.pack,
    )
    return run({ users: usersOf(db), by: { workspaceId, actor: `cli:${actorOf()}` } })
  })

const usersOf = (db: Database): UsersService => new UsersService(db, new UsersRepository(db), new AuditLog(db))

const add = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...workspace, role: { type: 'string' }, email: { type: 'string' } },
  })
  const { name } = namedArguments(positionals, ['name'])
  const { role, email } = values
  const user = checked(NewUser, { name, role, email }, { name: '<name>' })
  await withUsers(config, values.workspace, async ({ users, by }) => print(lineOf(await users.add(by, user))))
}

const list = (config: Config, args: string[], print: Print): Promise<void> => {
  const { values } = parseArgs({ args, options: workspace })
  return withUsers(config, values.workspace, async ({ users, by }) => {
    let last: UserRow | undefined
    do {
      const after = last === undefined ? undefined : { createdAt: last.created_at.toISOString(), id: last.id }
      const rows = await users.list(by.workspaceId, pageSize, after)
      for (const row of rows.slice(0, pageSize)) print(lineOf(row))
      last = rows.length > pageSize ? rows[pageSize - 1] : undefined
    } while (last !== undefined)
  })
}

const link = (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: workspace })
  const { name } = namedArguments(positionals, ['name'])
  return withUsers(config, values.workspace, async ({ users, by }) => {
    const { token, expiresAt } = await users.link(by, await users.idOf(by.workspaceId, name))
    print(signInUrl(config.accounts.publicUrl ?? `http://127.0.0.1:${config.http.port}`, token))
    // Not on standard output, which scripts take the link from.
    process.stderr.write(`It works once, until ${expiresAt.toISOString()}. 链接仅可使用一次。\n`)
  })
}

const disable =
  (disabled: boolean) =>
  (config: Config, args: string[], print: Print): Promise<void> => {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: workspace })
    const { name } = namedArguments(positionals, ['name'])
    return change(config, { name, workspace: values.workspace }, { disabled }, print)
  }

const setRole = (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: workspace })
  const { name, role } = namedArguments(positionals, ['name', 'role'])
  const { role: known } = checked(NewUser, { name, role }, { name: '<name>', role: '<role>' })
  return change(config, { name, workspace: values.workspace }, { role: known }, print)
}

const change = (
  config: Config,
  who: { readonly name: string; readonly workspace: string },
  what: Parameters<UsersService['change']>[2],
  print: Print,
): Promise<void> =>
  withUsers(config, who.workspace, async ({ users, by }) => {
    print(lineOf(await users.change(by, await users.idOf(by.workspaceId, who.name), what)))
  })

const lineOf = ({ id, name, role, email, created_at: created, disabled_at: disabled }: UserRow): string =>
  [
    name,
    role,
    email ?? '-',
    created.toISOString(),
    disabled === null ? 'active' : `disabled ${disabled.toISOString()}`,
    id,
  ].join('\t')

export const userCommands = {
  'users add': add,
  'users list': list,
  'users link': link,
  'users disable': disable(true),
  'users enable': disable(false),
  'users role': setRole,
}
