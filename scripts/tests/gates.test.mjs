// The gates themselves: each is shown something wrong, and must refuse it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { decisionFaults, phraseFaults } from '../check-docs.mjs'
import { bareSkips } from '../lint.mjs'
import { missingPlatforms, resolvedHosts } from '../check-lockfile.mjs'
import { rooms } from '../workspaces.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const run = (command, args, env = {}) =>
  spawnSync(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } })
const planted = path.join(root, 'libs/contracts/src/planted.ts')
let folder

before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-gates-'))))
after(() => {
  fs.rmSync(planted, { force: true })
  fs.rmSync(folder, { recursive: true, force: true })
})

test('a lockfile without one platform, or with a host, is refused', () => {
  const lock = {
    packages: {
      'node_modules/a': { optionalDependencies: { 'a-linux': '1', 'a-mac': '1' } },
      'node_modules/a-linux': {},
    },
  }
  assert.deepEqual(missingPlatforms(lock), ['a → a-mac'])
  assert.equal(resolvedHosts({ packages: { x: { resolved: 'https://example.invalid/x.tgz' } } }).length, 1)
})

test('a room that imports what it may not is refused, and so are any and process.env', () => {
  fs.writeFileSync(
    planted,
    "import { newId } from '@reeltag/platform'\nexport const x: any = process.env['X'] ?? newId()\n",
  )
  const boundaries = run(path.join(root, 'node_modules/.bin/depcruise'), [
    '--config',
    '.dependency-cruiser.mjs',
    'libs/contracts/src',
  ])
  const lint = run(path.join(root, 'node_modules/.bin/oxlint'), [planted])
  fs.rmSync(planted)
  assert.match(boundaries.stdout, /room-libs-contracts/)
  assert.match(lint.stdout, /no-explicit-any/)
  assert.match(lint.stdout, /no-process-env/)
})

test('a spec that leaves tests out without a reason is refused', () => {
  const spec = path.join(root, 'libs/contracts/src/planted.spec.ts')
  try {
    for (const line of ['const maybe = it.skip', "describe.only('x', () => {})", "xit('x', () => {})"]) {
      fs.writeFileSync(spec, `${line}\n`)
      assert.match(bareSkips('libs/contracts').join(), /planted\.spec\.ts leaves a test out without a reason/)
    }
  } finally {
    fs.rmSync(spec)
  }
  assert.deepEqual(bareSkips('libs/contracts'), [])
})

test('a script that imports what is gone, or asks for a member that is not there, is refused', () => {
  const script = path.join(root, 'bench/planted.mjs')
  const config = path.join(root, 'bench/planted.tsconfig.json')
  const written = (text) => {
    fs.writeFileSync(script, text)
    return run(path.join(root, 'node_modules/.bin/tsc'), ['-p', config])
  }
  fs.writeFileSync(config, JSON.stringify({ extends: '../tsconfig.scripts.json', include: [], files: ['planted.mjs'] }))
  try {
    const gone = written(
      "import { RunningPlatform, until } from '../e2e/dist/running-platform.js'\n" +
        'export const x = [until, (await RunningPlatform.start()).process_id]\n',
    )
    assert.notEqual(gone.status, 0)
    assert.match(gone.stdout, /TS2305: .*no exported member 'until'/)
    assert.match(gone.stdout, /TS2339: Property 'process_id' does not exist on type 'RunningPlatform'/)
    const file = written("import './is-not-there.mjs'\n")
    assert.match(file.stdout, /TS2882|TS2307/)
    const sound = written("export { RunningPlatform } from '../e2e/dist/running-platform.js'\n")
    assert.equal(sound.status, 0, sound.stdout)
  } finally {
    fs.rmSync(script, { force: true })
    fs.rmSync(config, { force: true })
  }
})

test('a migration that does not make the schema is found by the drift check', () => {
  fs.cpSync(path.join(root, 'prisma/migrations'), folder, { recursive: true })
  const file = path.join(folder, '20261124000000_init/migration.sql')
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('"name" TEXT NOT NULL', '"name" TEXT'))
  const drift = run(process.execPath, ['scripts/migrations.mjs', 'drift'], { MIGRATIONS_DIR: folder, DATABASE_URL: '' })
  assert.equal(drift.status, 1, drift.stdout)
  assert.match(drift.stderr, /differ/)
})

test('a decision with a number that another has is refused', () => {
  const decision = path.join(root, 'docs/adr/0001-planted.md')
  fs.writeFileSync(decision, '# 1. Planted\n')
  const docs = run(process.execPath, ['scripts/check-docs.mjs'])
  fs.rmSync(decision)
  assert.equal(docs.status, 1)
  assert.match(docs.stderr, /0001-sizes-by-address\.md has the number 1|0001-planted\.md has the number 1/)
  assert.match(docs.stderr, /0001-planted\.md: its sections are not Context, Decision, Alternatives, Consequences/)
})

test('a decision that lacks a section, has them in another order, or is too long is refused', () => {
  const record = (sections, words = 3) =>
    `# 1. Title\n\n${sections.map((name) => `## ${name}\n\ntext\n`).join('\n')}${' word'.repeat(words)}`
  const sections = ['Context', 'Decision', 'Alternatives', 'Consequences']
  assert.deepEqual(decisionFaults(record(sections)), [])
  // The title is three words, a section three.
  assert.deepEqual(decisionFaults(record(sections, 285)), [])
  assert.deepEqual(decisionFaults(record(sections, 286)), ['it has 301 words, and 300 are allowed'])
  for (const wrong of [sections.slice(1), sections.toReversed(), [...sections, 'Measured']])
    assert.match(decisionFaults(record(wrong)).join(), /sections are not/)
})

test('phrases that readers stumble over are refused, and what only resembles them is not', () => {
  const refused = [
    'the vision encoder on an NVIDIA card',
    'on the processor or a\ncard',
    'A server that answers and says no',
    '## What holds',
    'a wrong password ends it at once',
    '## The way of one video',
    'each option is off, and off is off to the bit',
  ]
  for (const text of refused) assert.equal(phraseFaults(text).length, 1, text)
  const fine = [
    'its card says what it can do',
    'the model card',
    '| file | what it holds |',
    'it ends at once',
    'on a GPU',
  ]
  for (const text of fine) assert.deepEqual(phraseFaults(text), [], text)
})

test('a command that no test runs, and needs nothing that is named, is refused', () => {
  const document = path.join(root, 'docs/planted.md')
  const refusal = (text) => {
    fs.writeFileSync(document, text)
    const commands = run(process.execPath, ['scripts/check-commands.mjs'])
    fs.rmSync(document)
    assert.equal(commands.status, 1, text)
    return commands.stderr
  }
  assert.match(refusal('```sh\nnpm test\n```\n'), /planted\.md: the block "npm test" has no name/)
  assert.match(refusal('```\nnpm test\n```\n'), /planted\.md: the block "npm test" has no language/)
  assert.match(refusal('```sh own\nnpm test\n```\n'), /planted\.md: own: .* names neither a test nor what it needs/)
  assert.match(refusal('Type `npm run reeltag -- fly`.\n'), /planted\.md: npm run reeltag -- fly: .* names neither/)
})

test('what is generated of package.json is written again where it differs, and is refused until then', async () => {
  const { bundledRooms, generatedFiles, staleFiles } = await import('../workspaces.mjs')
  const copy = path.join(folder, 'rooms')
  for (const file of [
    ...generatedFiles().keys(),
    ...rooms().map((room) => `${room}/package.json`),
    ...bundledRooms().flatMap((room) => [`${room}/package.json`, `${room}/vite.config.ts`]),
    'e2e/package.json',
  ]) {
    fs.mkdirSync(path.join(copy, path.dirname(file)), { recursive: true })
    fs.copyFileSync(path.join(root, file), path.join(copy, file))
  }
  fs.mkdirSync(path.join(copy, 'apps/reeltag/src'))
  fs.writeFileSync(path.join(copy, 'apps/reeltag/src/main.ts'), '')
  assert.deepEqual(staleFiles(copy), [])
  const needy = { dependencies: { '@reeltag/contracts': '*', '@reeltag/taxonomy': '*' } }
  fs.writeFileSync(path.join(copy, 'libs/platform/package.json'), JSON.stringify(needy))
  // A new room brings no tsconfig.json of its own.
  fs.mkdirSync(path.join(copy, 'apps/another'))
  fs.writeFileSync(path.join(copy, 'apps/another/package.json'), '{}')
  const stale = ['libs/platform/tsconfig.json', 'apps/another/tsconfig.json', 'nest-cli.json']
  assert.deepEqual(staleFiles(copy), stale)
})
