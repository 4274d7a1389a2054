// Every recipe of docs/extending.md, carried out in a copy of the tree: built, linted, locked, and its specs run.
// All of them in one copy, since a build takes most of a minute: that they do not lean on each other is a static test,
// which applies each to the tree as it is.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { parse } from 'yaml'
import { root } from '../../bootstrap.mjs'
import { documentedCommands } from '../../documented-commands.mjs'
import { copyTree, emittedFile, linkRooms } from '../../test/copied-tree.mjs'
import { jest } from '../../test/command.mjs'
import { apply, recipesOf, specsOf } from '../recipes.mjs'

const recipes = recipesOf(fs.readFileSync(path.join(root, 'docs/extending.md'), 'utf8'))
/** @type {Awaited<ReturnType<typeof copyTree>>} */
let tree

/** @param {string} command @param {string[]} args @returns {string} what it printed; throws where it failed */
const run = (command, args) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: tree.root, encoding: 'utf8' })
  assert.equal(status, 0, `${command} ${args.join(' ')}:\n${stdout}${stderr}`)
  return stdout
}

before(async () => {
  tree = await copyTree(root)
  for (const recipe of recipes) apply(tree.root, recipe)
})
after(() => tree.remove())

test('what is written from the edits is written, and the tree builds', () => {
  for (const command of documentedCommands('docs/extending.md', 'generated')) {
    // What npm would do here is a link to each new room: nothing new comes from the registry.
    if (command === 'npm install') linkRooms(tree.root)
    else run('sh', ['-c', command])
  }
})

test('lint, boundaries and the contract lock take the edits', () => {
  run(process.execPath, ['scripts/lint.mjs'])
  run(process.execPath, ['scripts/contracts-lock.mjs', 'check'])
})

test('every service has a container in Compose and in the chart', async () => {
  const { serviceNames } = await import(path.join(tree.root, 'libs/contracts/dist/index.js'))
  for (const file of ['docker-compose.yml', 'k8s/reeltag/values.yaml']) {
    const { services } = parse(fs.readFileSync(path.join(tree.root, file), 'utf8'))
    assert.deepEqual(
      serviceNames.filter((/** @type {string} */ name) => !(name in services)),
      [],
      file,
    )
  }
})

for (const recipe of recipes)
  test(`${recipe.name}: its spec passes`, () => {
    const specs = specsOf(recipe).map((spec) => path.join(tree.root, emittedFile(spec)))
    assert.notDeepEqual(specs, [], 'a recipe without a spec shows nothing')
    run(process.execPath, [...jest, '--forceExit', '--runInBand', '--runTestsByPath', ...specs])
  })
