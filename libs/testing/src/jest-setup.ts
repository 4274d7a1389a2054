import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { testEnvironment } from './test-environment.js'

/** Before the first test file: a folder for this run's servers, which the workers inherit, where nobody has made one. */
const setup = (): void => {
  testEnvironment.runFolder ??= fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-run-'))
}

export default setup
