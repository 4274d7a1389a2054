import { describe } from '@jest/globals'
import { describeWith } from '@reeltag/testing'
import { Fleet } from './fleet.js'
import { RunningPlatform } from './running-platform.js'

/** @param env variables for every process of the platform */
type StartPlatform = (env?: Readonly<Record<string, string>>) => Promise<RunningPlatform | Fleet>

/**
 * The same tests twice: in one process on embedded servers, and with a process for each service on real Postgres, Redis,
 * Kafka and S3. What a user sees must not depend on the size.
 */
export const describeAtBothSizes = (name: string, tests: (start: StartPlatform) => void): void => {
  describe(`${name}: one process, embedded servers`, () => tests((env) => RunningPlatform.start(env)))
  describeWith(['redis', 'kafka', 's3'], `${name}: a process each, real servers`, () =>
    tests((env = {}) => Fleet.start({ s3: true, env })),
  )
}
