import { installKafka, installMlserver, installS3, installTriton, whyNot } from '@reeltag/testing'

const installs = { kafka: installKafka, s3: installS3, mlserver: installMlserver, triton: installTriton }

/**
 * Servers that npm cannot give are fetched before the first test, so that no test waits for a download.
 * @param {(line: string) => void} say @returns {Promise<import('./outcomes.mjs').Test[]>} those that could not be
 */
export const installServers = async (say) => {
  /** @type {import('./outcomes.mjs').Test[]} */
  const tests = []
  // Each mostly waits for its download.
  const wanted = Object.entries(installs).filter(([name]) => whyNot(/** @type {keyof installs} */ (name)) === undefined)
  await Promise.all(
    wanted.map(async ([name, install]) => {
      const started = performance.now()
      try {
        await install()
        say(`${name} is there (${((performance.now() - started) / 1000).toFixed(0)} s)`)
      } catch (error) {
        tests.push({ name: `${name} can be installed`, outcome: 'failed', detail: error.message })
      }
    }),
  )
  return tests
}
