import { madeFolder } from './jest-setup.js'
import { endRun } from './run-folder.js'

/** After the last test file: no server outlives the run, whatever failed. A run inside another leaves that to it. */
const teardown = async (): Promise<void> => {
  if (madeFolder !== undefined) await endRun(madeFolder)
}

export default teardown
