// nest-cli.json is true: Nest's own command builds each app. In a copy of the tree, as other tests run what is built.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { root } from '../../bootstrap.mjs'
import { copyTree } from '../../test/copied-tree.mjs'

const run = promisify(execFile)
let tree

before(async () => (tree = await copyTree(root)))
after(() => tree.remove())

const { projects } = JSON.parse(fs.readFileSync(path.join(root, 'nest-cli.json'), 'utf8'))
for (const app of Object.keys(projects).filter((name) => projects[name].type === 'application'))
  test(`nest build ${app}`, async () => {
    const built = path.join(tree.root, projects[app].root, 'dist', `${projects[app].entryFile}.js`)
    fs.rmSync(built)
    fs.rmSync(path.join(path.dirname(built), '.tsbuildinfo'))
    await run(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build', app], { cwd: tree.root })
    assert.ok(fs.existsSync(built), `${built} was not written`)
  })
