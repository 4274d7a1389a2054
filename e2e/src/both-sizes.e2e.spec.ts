import { afterAll, beforeAll, describe } from '@jest/globals'
import { describeWith } from '@reeltag/testing'
import { badMedia } from './both-sizes/bad-media.js'
import { journey } from './both-sizes/journey.js'
import type { Platform } from './both-sizes/platform.js'
import { queuesAndReruns } from './both-sizes/queues-and-reruns.js'
import { Fleet } from './fleet.js'
import { RunningPlatform } from './running-platform.js'

const environment = { QUEUE_CONCURRENCY: 'vision=16' }

const tests = (start: () => Promise<Platform>): void => {
  let platform: Platform
  beforeAll(async () => {
    platform = await start()
  })
  afterAll(() => platform.close())

  describe('queues and reruns', () => queuesAndReruns(() => platform))
  describe('the way of one video', () => journey(() => platform))
  describe('files that are not what they say', () => badMedia(() => platform))
}

// The same tests twice: what a user sees must not depend on the size.
describe('one process, embedded servers', () => tests(() => RunningPlatform.start(environment)))
describeWith(['redis', 'kafka', 's3'], 'a process for each service, real servers', () =>
  tests(() => Fleet.start({ s3: true, env: environment })),
)
