// Every error code is named by at least one test: what nobody has seen happen is a promise that nobody keeps.
import { errorCodes } from '@reeltag/contracts'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

const root = path.resolve(import.meta.dirname, '../..')
const isTest = (file) => /(\.spec\.ts|\.test\.mjs|(^|\/)test_\w+\.py)$/.test(file)
const isOurs = (file) =>
  !/(^|\/)(node_modules|dist|\.venv[^/]*)\//.test(file) && file !== path.relative(root, import.meta.filename)

const testsOf = (room) =>
  fs
    .readdirSync(path.join(root, room), { recursive: true })
    .map((file) => `${room}/${file}`)
    .filter((file) => isTest(file) && isOurs(file))

test('every error code is named by a test', () => {
  const files = ['apps', 'libs', 'e2e', 'scripts', 'training'].flatMap(testsOf)
  const named = new Set(
    files.flatMap((file) => fs.readFileSync(path.join(root, file), 'utf8').match(/[A-Z][A-Z0-9_]+/g) ?? []),
  )
  assert.deepEqual(
    Object.keys(errorCodes).filter((code) => !named.has(code)),
    [],
  )
})
