import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '@reeltag/testing'
import { RunningPlatform, samples } from './running-platform.js'

const contents = 100
const kills = 5

describe('a platform that is killed while it works', () => {
  let platform: RunningPlatform
  beforeAll(async () => {
    platform = await RunningPlatform.start()
  })
  afterAll(() => platform.close())

  it(`ends every one of ${contents} accepted contents in exactly one result over ${kills} kill -9`, async () => {
    const [sample] = samples()
    const accepted = new Set<string>()
    let next = 0
    const submitAll = async (): Promise<void> => {
      while (accepted.size < contents) {
        const externalId = `content-${next % contents}`
        // Every third is text alone, every third video alone: each shape of the pipeline is cut short somewhere.
        const title = next % 3 === 1 ? undefined : `${sample?.title ?? ''} ${next % contents}`
        const file = next % 3 === 0 ? undefined : sample?.file
        next++
        try {
          const response = await platform.submit({ title, externalId }, file)
          if (response.status === 202) accepted.add(externalId)
        } catch {
          // The platform is down; the same externalId is tried again in a later round and must not double.
          await new Promise((resolve) => setTimeout(resolve, 200))
        }
      }
    }
    const killing = (async () => {
      for (let round = 0; round < kills; round++) {
        await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 2_500))
        await platform.kill()
        await platform.boot()
      }
    })()
    await Promise.all([submitAll(), killing])

    const all = await until('every content is final', 240, async () => {
      const found = await platform.contents()
      return found.length >= contents && found.every(({ state }) => state !== 'processing') ? found : undefined
    })
    expect(all).toHaveLength(contents)
    expect(new Set(all.map(({ externalId }) => externalId)).size).toBe(contents)
    expect(all.filter(({ state }) => state === 'failed')).toEqual([])
    expect(all.every(({ revision, result }) => revision === 1 && result?.revision === 1)).toBe(true)
  })

  it('stops cleanly afterwards', async () => {
    expect(await platform.stop()).toBe(0)
  })
})
