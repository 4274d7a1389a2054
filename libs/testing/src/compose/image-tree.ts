// What the Dockerfile makes of /app, made without Docker.
// Carries out the COPY and RUN lines of its Node stages with this machine's Node. Installing system packages and users
// belongs to the base images and is left out; packages are those that the clone has from the same `npm ci`, linked.
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { testEnvironment } from '../test-environment.js'
import { cloneFolder } from './clone-folder.js'
import { environmentOf, readDockerfile, type Instruction } from './dockerfile.js'

const run = promisify(execFile)
/** Whose lines make /app; `cpu` then copies it whole. */
const wanted = ['manifests', 'build']
const installs = /^(--\S+ )*npm ci --ignore-scripts( --no-\w+)*$/

interface IgnoreRule {
  readonly keep: boolean
  readonly pattern: string
}

const readRules = (): IgnoreRule[] =>
  fs
    .readFileSync(path.join(cloneFolder, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keep: line.startsWith('!'), pattern: line.replace(/^!/, '') }))

/** As Docker matches: the last rule that fits decides, also for what lies in a folder that fits. */
const isIgnored = (file: string, rules: readonly IgnoreRule[]): boolean => {
  const parents = file.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))
  // Unlike a shell's, Docker's asterisk takes a leading dot as well.
  const fits = ({ pattern }: IgnoreRule): boolean =>
    parents.some((name) => {
      if (pattern === '*') return true
      if (pattern.startsWith('**/*')) return name.endsWith(pattern.slice(4))
      return pattern.startsWith('**/') ? path.basename(name) === pattern.slice(3) : name === pattern
    })
  return !(rules.findLast(fits)?.keep ?? true)
}

/** The build context: files of the clone that .dockerignore lets through, new ones that git would take included. */
const copyContext = async (to: string): Promise<void> => {
  const rules = readRules()
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const { stdout } = await run('git', args, { cwd: cloneFolder, maxBuffer: 2 ** 26 })
  for (const file of stdout.split('\0').filter((name) => name !== '' && fs.existsSync(path.join(cloneFolder, name)))) {
    if (isIgnored(file, rules)) continue
    fs.mkdirSync(path.join(to, path.dirname(file)), { recursive: true })
    fs.copyFileSync(path.join(cloneFolder, file), path.join(to, file))
  }
}

/** Links where the scratch folder is on the clone's disk. Nothing may write into them: they are the clone's. */
const linkPackages = async (folder: string): Promise<void> => {
  const places = ['.', ...['apps', 'libs'].flatMap((group) => roomsIn(group))].filter((place) =>
    fs.existsSync(path.join(cloneFolder, place, 'node_modules')),
  )
  for (const place of places) {
    const from = path.join(cloneFolder, place, 'node_modules')
    const to = path.join(folder, place)
    await run('cp', ['-al', from, to]).catch(async () => {
      fs.rmSync(path.join(to, 'node_modules'), { recursive: true, force: true })
      await run('cp', ['-a', from, to])
    })
  }
}

const roomsIn = (group: string): string[] =>
  fs.readdirSync(path.join(cloneFolder, group)).map((name) => path.join(group, name))

const carryOut = async (
  { verb, rest }: Instruction,
  folder: string,
  folders: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
): Promise<void> => {
  const from = /^--from=(\S+) \/app \.\/$/.exec(rest)?.[1]
  if (verb === 'COPY' && rest === '. .') await copyContext(folder)
  else if (verb === 'COPY' && from !== undefined) await run('cp', ['-a', `${folders.get(from)}/.`, folder])
  else if (verb === 'COPY') throw new Error(`COPY ${rest}: not understood here`)
  else if (verb === 'RUN' && installs.test(rest)) await linkPackages(folder)
  else if (verb === 'RUN') {
    const command = rest.replaceAll(/^(--\S+ )+/g, '')
    const options = { cwd: folder, env: { ...testEnvironment.forInstallers, ...env }, maxBuffer: 2 ** 26 }
    await run('sh', ['-c', command], options).catch((error) => {
      throw new Error(`RUN ${command}\n${`${error.stdout}${error.stderr}`.slice(-3_000)}`, { cause: error })
    })
  }
}

/** Makes `folder` what /app is in the image. */
export const buildImageTree = async (folder: string): Promise<void> => {
  const stages = readDockerfile()
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-image-'))
  const folders = new Map<string, string>()
  try {
    for (const name of wanted) {
      const own = path.join(scratch, name)
      folders.set(name, own)
      fs.mkdirSync(own)
      for (const instruction of stages.get(name)?.instructions ?? [])
        await carryOut(instruction, own, folders, environmentOf(stages, name))
    }
    fs.mkdirSync(path.dirname(folder), { recursive: true })
    await run('mv', [path.join(scratch, 'build'), folder])
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true })
  }
}

/** Names, sizes and times of everything in a folder. */
export const fingerprint = (folder: string): string =>
  fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const { size, mtimeMs } = fs.lstatSync(path.join(folder, name))
      return `${name} ${size} ${mtimeMs}`
    })
    .join('\n')
