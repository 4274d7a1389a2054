// npm run lint: format, oxlint, who may import whom, and that each package.json says what its room imports.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const bin = (name) => path.join(root, 'node_modules/.bin', name)

const tools = [
  ['format', bin('oxfmt'), ['--check'], 'npm run format'],
  ['lint', bin('oxlint'), [], 'correct what is listed'],
  [
    'boundaries',
    bin('depcruise'),
    ['--config', '.dependency-cruiser.mjs', ...rooms().map((room) => `${room}/src`)],
    'see .dependency-cruiser.mjs',
  ],
]

function rooms() {
  return ['libs', 'apps'].flatMap((group) => fs.readdirSync(path.join(root, group)).map((name) => `${group}/${name}`))
}

const sources = (folder) =>
  fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('generated'))
    .map((file) => path.join(folder, file))

/** What each room imports of other rooms and of npm, held against what its package.json and tsconfig.json say. */
export const undeclared = (room) => {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, room, 'package.json'), 'utf8'))
  const config = JSON.parse(fs.readFileSync(path.join(root, room, 'tsconfig.json'), 'utf8'))
  const referenced = new Set(config.references?.map((reference) => path.basename(reference.path)))
  const problems = new Set()
  for (const file of sources(path.join(root, room, 'src'))) {
    const isTest = /\.(spec|fixture)\.ts$/.test(file)
    for (const [, specifier] of fs
      .readFileSync(file, 'utf8')
      .matchAll(/(?:from|import) '((?:@[^/']+\/)?[^/.'][^/']*)/g)) {
      if (specifier.startsWith('node:') || specifier === '@jest/globals' || specifier === 'fast-check') continue
      const declared =
        specifier in (manifest.dependencies ?? {}) || (isTest && specifier in (manifest.devDependencies ?? {}))
      if (!declared) problems.add(`${room}/package.json lacks ${specifier}`)
      const [, own] = /^@reeltag\/(.+)/.exec(specifier) ?? []
      if (own !== undefined && !referenced.has(own)) problems.add(`${room}/tsconfig.json does not reference ${own}`)
    }
  }
  return [...problems]
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
  const problems = rooms().flatMap(undeclared)
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} declarations`)
  for (const problem of problems) console.error(problem)
  process.exitCode = failed + problems.length > 0 ? 1 : 0
}
