import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { removeStale } from '../remove-stale.mjs'

test('what was emitted for a source that has moved is removed, and nothing else', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-stale-'))
  const write = (file) => {
    fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
    fs.writeFileSync(path.join(root, file), '')
  }
  const kept = ['libs/a/src/inside/here.ts', 'libs/a/dist/inside/here.js', 'libs/a/dist/.tsbuildinfo', 'e2e/src/x.ts']
  const stale = ['here.js', 'here.js.map', 'here.d.ts', 'here.d.ts.map'].map((name) => `libs/a/dist/${name}`)
  const lone = ['e2e/dist/gone.spec.js']
  fs.mkdirSync(path.join(root, 'apps'))
  for (const file of [...kept, ...stale, ...lone]) write(file)
  const removed = removeStale(root).map((file) => path.relative(root, file))
  assert.deepEqual(removed.toSorted(), [...stale, ...lone].toSorted())
  assert.deepEqual(
    [...kept, ...stale, ...lone].filter((file) => fs.existsSync(path.join(root, file))),
    kept,
  )
  fs.rmSync(root, { recursive: true })
})
