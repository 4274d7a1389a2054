import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { root } from '../bootstrap.mjs'
import { jest } from '../test/command.mjs'

const runsOneFile = (/** @type {NodeJS.ProcessEnv} */ env) => {
  const args = [...jest, '--runTestsByPath', 'libs/testing/dist/free-port.spec.js']
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env })
  assert.equal(status, 0, stderr)
}

test('jest inside a run leaves the folder of that run, and by itself leaves none', () => {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-jest-run-'))
  const outer = path.join(temporary, 'outer')
  fs.mkdirSync(outer)
  const { REELTAG_TEST_RUN: _, ...env } = process.env
  runsOneFile({ ...env, TMPDIR: temporary, REELTAG_TEST_RUN: outer })
  runsOneFile({ ...env, TMPDIR: temporary })
  assert.ok(fs.existsSync(outer))
  assert.deepEqual(
    fs.readdirSync(temporary).filter((name) => name.startsWith('reeltag-run-')),
    [],
  )
  fs.rmSync(temporary, { recursive: true })
})
