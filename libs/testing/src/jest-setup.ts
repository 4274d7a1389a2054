import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { testEnvironment } from './test-environment.js'

/** The folder that this process made; undefined where it runs inside a run whose maker ends it. */
export let madeFolder: string | undefined

/** Before the first test file: a folder for this run's servers, which the workers inherit, where nobody has made one. */
const setup = (): void => {
  if (testEnvironment.runFolder !== undefined) return
  madeFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-run-'))
  testEnvironment.runFolder = madeFolder
}

export default setup
