import { ReeltagError, type FacetPolicy } from '@reeltag/contracts'
import { describePublish } from '@reeltag/decisions'
import { readPackManifest, versionsOf } from '@reeltag/packs'
import { PackHistory, PackLoads, type WorkspacePacks } from '@reeltag/pipeline'
import { type Config } from '@reeltag/platform'
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { actorOf, namedArguments, numberOf, wrongArgument } from '../arguments/arguments.js'
import { bringUp, openPack, type BringUp } from './bring-up-pack.js'
import { withDatabase } from './with-database.js'

export const packUsage = `  packs list
  packs show     [name/version]
  packs verify   [name/version]
  packs activate <name/version> [--workspace default] [--as <who>] [--wait 120]
  packs rollback [--workspace default] [--as <who>] [--wait 120]
  packs history  [--workspace default]`

type Print = (line: string) => void

const packRefs = ({ modelsDir }: Config['models']): string[] => {
  const folder = path.join(modelsDir, 'packs')
  const visible = (parent: string): string[] =>
    fs.existsSync(parent) ? fs.readdirSync(parent).filter((name) => !name.startsWith('.')) : []
  return visible(folder).flatMap((name) => visible(path.join(folder, name)).map((version) => `${name}/${version}`))
}

/** The packs of workspaces, if a database can be reached. */
const workspacesOf = (config: Config): Promise<WorkspacePacks[]> =>
  withDatabase(config, (db) => new PackHistory(db).all()).catch((error: unknown) => {
    if (error instanceof ReeltagError && error.code === 'POSTGRES_UNAVAILABLE') return []
    throw error
  })

/** One line a pack: reference, taxonomy, who uses it. */
const listPacks = async (config: Config, _args: string[], print: Print): Promise<void> => {
  const workspaces = await workspacesOf(config)
  for (const ref of packRefs(config.models)) {
    const uses = workspaces.filter(({ pack }) => pack === ref).map(({ workspace }) => `in force: ${workspace}`)
    const taxonomy = await readPackManifest(config.models, ref).then(
      (manifest) => manifest.taxonomy,
      (error: unknown) => (error instanceof ReeltagError ? error.code : String(error)),
    )
    print([ref, taxonomy, uses.join(', ') || '–'].join('\t'))
  }
}

const showPack = async ({ models: folders }: Config, [ref = folders.pack]: string[], print: Print): Promise<void> => {
  const manifest = await readPackManifest(folders, ref)
  print(`pack\t${ref}`)
  const { vision, text, fusion, sampling, streams } = versionsOf(manifest)
  for (const [role, made] of Object.entries({ ...(streams ?? { vision, text }), fusion, sampling }))
    if (made !== '') print(`${role}\t${made}`)
  print(`taxonomy\t${manifest.taxonomy}\nneeds Reeltag\t${manifest.reeltagMin}`)
  for (const [facet, { leaves, publish }] of Object.entries(manifest.facets))
    for (const policy of policiesOf(publish)) print(`facet\t${facet}\t${leaves.length} leaves\t${policy}`)
  print(`files\t${Object.keys(manifest.checksums).length}`)
  print(`card\t${path.join(folders.modelsDir, 'packs', ref, manifest.card)}`)
}

/** One line where the policy is the same for all masks, else one a mask. */
const policiesOf = (publish: FacetPolicy['publish']): string[] => {
  const words = Object.entries(publish).map(([mask, policy]) => [mask, describePublish(policy)] as const)
  const distinct = new Set(words.map(([, policy]) => policy))
  return distinct.size === 1 ? [...distinct] : words.map(([mask, policy]) => `${mask}\t${policy}`)
}

const verifyPack = async ({ models }: Config, [ref = models.pack]: string[], print: Print) => {
  await openPack(models, ref)
  const { checksums } = await readPackManifest(models, ref)
  const where = models.server === undefined ? models.device : `${models.server.url} and, the head, ${models.device}`
  print(`${ref}: ${Object.keys(checksums).length} files match their checksums, and the models open on ${where}`)
}

export const changeOptions = {
  workspace: { type: 'string', default: 'default' },
  as: { type: 'string' },
  wait: { type: 'string', default: '120' },
} as const

export const secondsOf = (wait: string): number => {
  const seconds = numberOf('--wait', wait)
  if (seconds >= 1 && seconds <= 3_600) return seconds
  throw wrongArgument('--wait', 'takes 1 to 3600 seconds')
}

const activatePack = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values, positionals } = parseArgs({ args, options: changeOptions, allowPositionals: true })
  const { 'name/version': ref } = namedArguments(positionals, ['name/version'])
  const change = { workspace: values.workspace, actor: actorOf(values.as) }
  const waitSeconds = secondsOf(values.wait)
  await withDatabase(config, async (db) => {
    const history = new PackHistory(db)
    await history.of(change.workspace)
    const parts: BringUp = { models: config.models, loads: new PackLoads(db), actor: change.actor, waitSeconds, print }
    await bringUp(parts, ref, async () => {
      const before = await history.activate(change, ref)
      print(
        before === ref ? `${ref} was in force already` : `${ref} is in force in ${change.workspace}, after ${before}`,
      )
    })
  })
}

const rollbackPack = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values } = parseArgs({ args, options: changeOptions })
  const change = { workspace: values.workspace, actor: actorOf(values.as) }
  const waitSeconds = secondsOf(values.wait)
  await withDatabase(config, async (db) => {
    const history = new PackHistory(db)
    const previous = await history.previous(change.workspace)
    const parts: BringUp = { models: config.models, loads: new PackLoads(db), actor: change.actor, waitSeconds, print }
    await bringUp(parts, previous, async () => {
      const { from, to } = await history.rollback(change)
      print(`${to} is in force in ${change.workspace} again, after ${from}`)
    })
  })
}

const packHistory = async (config: Config, args: string[], print: Print): Promise<void> => {
  const { values } = parseArgs({ args, options: { workspace: changeOptions.workspace } })
  await withDatabase(config, async (db) => {
    const history = new PackHistory(db)
    await history.of(values.workspace)
    for (const { pack, previous, actor, createdAt, rolledBackAt, rolledBackBy } of await history.activations(
      values.workspace,
    )) {
      const undone = rolledBackAt === null ? '' : `rolled back ${rolledBackAt.toISOString()} by ${rolledBackBy}`
      print([createdAt.toISOString(), actor, `${previous} → ${pack}`, undone].join('\t'))
    }
  })
}

export const packCommands = {
  'packs list': listPacks,
  'packs show': showPack,
  'packs verify': verifyPack,
  'packs activate': activatePack,
  'packs rollback': rollbackPack,
  'packs history': packHistory,
}
