import { endRun } from './run-folder.js'
import { testEnvironment } from './test-environment.js'

/** After the last test file: no server outlives the run, whatever failed. */
const teardown = async (): Promise<void> => {
  const { runFolder } = testEnvironment
  if (runFolder !== undefined) await endRun(runFolder)
}

export default teardown
