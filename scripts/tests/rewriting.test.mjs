// Commands that write what they are the source of find nothing to change in a tree that is as it should be.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { root } from '../bootstrap.mjs'

/** What `npm run` does under a name, and the files that it may write. */
const commands = {
  'contracts:lock': ['contracts.lock.json'],
  'docs:reference': ['docs/errors.md', 'docs/operations/configure.md', 'docs/asyncapi.yaml'],
  'docs:performance': ['docs/performance.md', 'README.md'],
  workspaces: ['tsconfig.json', 'nest-cli.json'],
  format: ['README.md', 'package.json'],
}

for (const [name, files] of Object.entries(commands)) {
  test(`npm run ${name} leaves a right tree as it is`, () => {
    const before = files.map((file) => fs.readFileSync(path.join(root, file), 'utf8'))
    execFileSync('npm', ['run', name], { cwd: root, stdio: 'pipe' })
    const after = files.map((file) => fs.readFileSync(path.join(root, file), 'utf8'))
    files.forEach((file, index) => {
      if (after[index] !== before[index]) fs.writeFileSync(path.join(root, file), before[index])
    })
    assert.deepEqual(after, before)
  })
}
