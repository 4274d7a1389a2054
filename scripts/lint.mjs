// npm run lint: format, oxlint, who may import whom, and that each package.json says what its room imports.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { bundledRooms, rooms, staleFiles } from './workspaces.mjs'

const root = path.resolve(import.meta.dirname, '..')
const bin = (name) => path.join(root, 'node_modules/.bin', name)

/** @typedef {[name: string, command: string, args: string[], remedy: string]} Tool */

/** What a bundler builds, it builds without a look at types. @param {string} room @returns {Tool} */
const typesOf = (room) => [`types of ${room}`, bin('tsc'), ['-p', room], 'correct what is listed']

/** @type {Tool[]} */
const tools = [
  ['format', bin('oxfmt'), ['--check'], 'npm run format'],
  ['lint', bin('oxlint'), [], 'correct what is listed'],
  // An import that is gone, a member that is not there: node would say so only when somebody runs the script.
  [
    'types of scripts and benchmarks',
    bin('tsc'),
    ['-p', 'tsconfig.scripts.json'],
    'npm run build, then correct what is listed',
  ],
  ...bundledRooms().map(typesOf),
  [
    'boundaries',
    bin('depcruise'),
    ['--config', '.dependency-cruiser.mjs', ...[...rooms(), ...bundledRooms()].map((room) => `${room}/src`)],
    'see .dependency-cruiser.mjs',
  ],
]

const sources = (folder) =>
  fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('generated'))
    .map((file) => path.join(folder, file))

/**
 * What each room imports of other rooms and of npm, held against what its package.json says. What a bundler takes in is
 * not installed where the room runs, so there the packages are needed for development only.
 */
export const undeclared = (room) => {
  const isBundled = bundledRooms().includes(room)
  const manifest = JSON.parse(fs.readFileSync(path.join(root, room, 'package.json'), 'utf8'))
  const problems = new Set()
  for (const file of sources(path.join(root, room, 'src'))) {
    const isTest = /\.(spec|fixture)\.ts$/.test(file)
    for (const [, specifier] of fs
      .readFileSync(file, 'utf8')
      .matchAll(/(?:from|import) '((?:@[^/']+\/)?[^/.'][^/']*)/g)) {
      if (specifier.startsWith('node:') || specifier === '@jest/globals' || specifier === 'fast-check') continue
      const declared =
        specifier in (manifest.dependencies ?? {}) ||
        ((isTest || isBundled) && specifier in (manifest.devDependencies ?? {}))
      if (!declared) problems.add(`${room}/package.json lacks ${specifier}`)
    }
  }
  return [...problems]
}

const bareSkip = /\b(?:it|test|describe)\.(?:skip|only|todo)\b|\bx(?:it|describe)\(/

/** Specs of a room that leave tests out without telling the reader why. */
export const bareSkips = (room) =>
  sources(path.join(root, room, 'src'))
    .filter((file) => file.endsWith('.spec.ts') && bareSkip.test(fs.readFileSync(file, 'utf8')))
    .map(
      (file) =>
        `${path.relative(root, file)} leaves a test out without a reason; remedy: describeUnless of libs/testing`,
    )

const folderFilesMax = 12

/** Folders of libs, apps and training with more source files than that; specs and fixtures aside. */
export const fullFolders = () => {
  const counts = new Map()
  for (const top of ['libs', 'apps', 'training/src'])
    for (const file of fs.readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' })) {
      if (!/(^|\/)src\//.test(`${top}/${file}`) || /node_modules|\/dist\/|generated/.test(file)) continue
      if (!/\.(tsx?|py)$/.test(file) || /\.(spec|fixture)\.ts$|(^|\/)__init__\.py$/.test(file)) continue
      const folder = path.dirname(`${top}/${file}`)
      counts.set(folder, (counts.get(folder) ?? 0) + 1)
    }
  return [...counts].filter(([, count]) => count > folderFilesMax)
}

if (process.argv[1] === import.meta.filename) {
  let failed = 0
  for (const [name, command, args, remedy] of tools) {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
    console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}`)
    if (status === 0) continue
    failed++
    console.error(`${stdout}${stderr}\nremedy: ${remedy}`)
  }
  const stale = staleFiles().map((file) => `${file} is not what package.json says; remedy: npm run workspaces`)
  const all = [...rooms(), ...bundledRooms()]
  const problems = [...all.flatMap(undeclared), ...[...all, 'e2e'].flatMap(bareSkips), ...stale]
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} declarations`)
  for (const problem of problems) console.error(problem)
  // A folder with more files is hard to look through; it is told, not refused.
  for (const [folder, count] of fullFolders())
    console.log(`note ${folder} holds ${count} files (12 are easy to look through)`)
  process.exitCode = failed + problems.length > 0 ? 1 : 0
}
