import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { judged } from '../test/outcomes.mjs'
import { trainingSuite } from '../test/training-suite.mjs'

/** Beside a PATH that has no python3, or one that is as given. */
const suiteWith = async (python3) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-no-python-'))
  if (python3 !== undefined) fs.writeFileSync(path.join(folder, 'python3'), python3, { mode: 0o755 })
  const { PATH, REELTAG_TRAINING_PYTHON } = process.env
  process.env.PATH = folder
  delete process.env.REELTAG_TRAINING_PYTHON
  try {
    return await trainingSuite(true, () => {})
  } finally {
    process.env.PATH = PATH
    if (REELTAG_TRAINING_PYTHON !== undefined) process.env.REELTAG_TRAINING_PYTHON = REELTAG_TRAINING_PYTHON
    fs.rmSync(folder, { recursive: true })
  }
}

// Debian's python3 has no ensurepip before python3-venv is installed: the probe ends with 1.
for (const [name, python3] of Object.entries({ 'no Python': undefined, 'no venv': '#!/bin/sh\nexit 1\n' })) {
  test(`where there is ${name}, the training suite is one skip with its remedy`, async () => {
    const [skip, ...others] = await suiteWith(python3)
    assert.deepEqual(others, [])
    assert.equal(judged(skip, false).outcome, 'skipped')
    assert.match(skip.reason, /install Python 3\.11/)
  })
}
