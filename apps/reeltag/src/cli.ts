import 'reflect-metadata'
import { ReeltagError, KeyScope } from '@reeltag/contracts'
import { KeysRepository, KeysService } from '@reeltag/gateway'
import { loadPack } from '@reeltag/inference'
import { Database, loadConfig, openEmbeddedPostgres, type Config } from '@reeltag/platform'
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { deadLetterUsage, listDeadLetters, replayDeadLetters } from './dead-letter-commands.js'
import { explain } from './explain.js'

const usage = `usage: npm run reeltag -- <command>

  keys create --name <name> [--workspace default] [--scope contents:read,contents:write,…]
  keys list
  keys revoke <prefix>
  packs list
  packs verify [name/version]
${deadLetterUsage}

Commands on keys and dead letters need a running platform, or DATABASE_URL, or KAFKA_BROKERS for the letters.`

/** The Postgres of the configuration: the named one, or the embedded one of a platform that is running. */
const withDatabase = async (config: Config, run: (keys: KeysService) => Promise<void>): Promise<void> => {
  const url = config.database.url ?? (await openEmbeddedPostgres(config.home))
  const db = new Database(url, { poolMax: 2 })
  try {
    await run(new KeysService(new KeysRepository(db)))
  } finally {
    await db.close()
  }
}

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
  await withDatabase(config, async (keys) => {
    const key = await keys.create({ name, workspace, pack: config.models.pack, scopes: scopes.data })
    console.log(key)
    console.error('The key is shown only this once. 密钥仅显示这一次。')
  })
}

const listKeys = (config: Config): Promise<void> =>
  withDatabase(config, async (keys) => {
    for (const { prefix, workspace, name, scopes, createdAt, revokedAt } of await keys.list()) {
      const state = revokedAt === null ? 'active' : `revoked ${revokedAt.toISOString()}`
      console.log([prefix, workspace, name, scopes.join(','), createdAt.toISOString(), state].join('\t'))
    }
  })

const revokeKey = (config: Config, [prefix]: string[]): Promise<void> => {
  if (prefix === undefined) throw new ReeltagError('CONFIG_INVALID', `which key? give its prefix\n${usage}`)
  return withDatabase(config, (keys) => keys.revoke(prefix))
}

const packRefs = ({ modelsDir }: Config['models']): string[] => {
  const folder = path.join(modelsDir, 'packs')
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : []
  return names.flatMap((name) => fs.readdirSync(path.join(folder, name)).map((version) => `${name}/${version}`))
}

const verifyPack = async ({ models }: Config, [ref = models.pack]: string[]): Promise<void> => {
  const { manifest, vision, text, fusion } = await loadPack(models, ref)
  console.log(
    `${ref}: ${Object.keys(manifest.checksums).length} files are as listed (${vision.ref}, ${text.ref}, ${fusion.ref})`,
  )
}

const commands: Record<string, (config: Config, args: string[]) => Promise<void> | void> = {
  'keys create': createKey,
  'keys list': listKeys,
  'keys revoke': revokeKey,
  'packs list': ({ models }) => console.log(packRefs(models).join('\n')),
  'packs verify': verifyPack,
  'dlq list': (config, args) => listDeadLetters(config, args, console.log),
  'dlq replay': (config, args) => replayDeadLetters(config, args, console.log),
}

const [noun = '', verb = '', ...rest] = process.argv.slice(2)
const command = commands[`${noun} ${verb}`]
try {
  if (command === undefined) {
    console.error(usage)
    process.exitCode = noun === '' || noun === 'help' || noun === '--help' ? 0 : 2
  } else await command(loadConfig(process.env), rest)
} catch (error) {
  const mistyped = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true
  console.error(mistyped ? `${(error as Error).message}\n\n${usage}` : explain(error))
  process.exitCode = mistyped ? 2 : 1
}
