import { endRun } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * Servers that tests start are written down in a folder, and those that are left when the tests end, or are stopped,
 * are ended with it.
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work gets the environment that names the folder
 * @returns {Promise<T>}
 */
export const withRunFolder = async (work) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-run-'))
  try {
    return await work({ ...process.env, REELTAG_TEST_RUN: folder })
  } finally {
    await endRun(folder)
  }
}
