import { installKafka, installMlserver, installS3, installTriton, whyNot } from '@reeltag/testing'

const installs = { kafka: installKafka, s3: installS3, mlserver: installMlserver, triton: installTriton }

/**
 * Servers that npm cannot give are fetched before the first test, so that no test waits for a download.
 * @param {(line: string) => void} say @returns {Promise<import('./outcomes.mjs').Test[]>} those that could not be
 */
export const installServers = async (say) => {
  const tests = []
  for (const [name, install] of Object.entries(installs)) {
    if (whyNot(/** @type {keyof installs} */ (name)) !== undefined) continue
    const started = performance.now()
    await install().catch((error) =>
      tests.push({ name: `${name} can be installed`, outcome: 'failed', detail: error.message }),
    )
    say(`${name} is there (${((performance.now() - started) / 1000).toFixed(0)} s)`)
  }
  return tests
}
