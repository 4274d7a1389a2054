import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { testEnvironment } from '../test-environment.js'

const run = promisify(execFile)

/** Runs an installer's command; its failure carries what it said. */
export const runTool = async (command: string, args: readonly string[], cwd?: string): Promise<void> => {
  try {
    await run(command, args, { cwd, env: testEnvironment.forInstallers, maxBuffer: 2 ** 24 })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed:\n${`${stdout}${stderr}`.slice(-2_000)}`, {
      cause: error,
    })
  }
}
