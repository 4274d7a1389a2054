import { beforeAll, expect, it } from '@jest/globals'
import { ContentView, type ContentAccepted } from '@reeltag/contracts'
import { until } from '@reeltag/testing'
import fs from 'node:fs'
import { samples } from '../running-platform.js'
import type { Platform } from './platform.js'

/** The way of one video, and what its user sees of it. */
export const journey = (started: () => Platform): void => {
  let platform: Platform
  beforeAll(() => {
    platform = started()
  })

  const final = (id: string): Promise<ContentView> =>
    until(`${id} is final`, 60, async () => {
      const content = ContentView.parse(await platform.json(`/v1/contents/${id}`))
      return content.state === 'processing' ? undefined : content
    })
  const tag = async (
    content: Record<string, unknown>,
    file?: string | Uint8Array<ArrayBuffer>,
  ): Promise<ContentView> => {
    const response = await platform.submit(content, file)
    expect(response.status).toBe(202)
    const { id } = (await response.json()) as ContentAccepted
    expect(response.headers.get('location')).toBe(`/v1/contents/${id}`)
    return final(id)
  }

  it('tags the sample clip with the path that it shows', async () => {
    const [sample] = samples()
    const content = await tag({ title: sample?.title }, sample?.file)
    expect(content.result?.tags.map(({ path }) => path)).toContain(sample?.path)
    expect(content.stages.map(({ stage }) => stage).sort()).toEqual([
      'classify',
      'embed-frames',
      'embed-text',
      'sample-frames',
    ])
    expect(content.stages.every(({ state, runMs }) => state === 'done' && runMs !== null)).toBe(true)
  }, 90_000)

  it('hears both modalities: taking one away changes the scores', async () => {
    const [sample] = samples()
    const score = (content: ContentView) =>
      content.result?.tags.map(({ path, confidence }) => `${path} ${confidence.toFixed(4)}`)
    const both = score(await tag({ title: sample?.title }, sample?.file))
    const video = score(await tag({}, sample?.file))
    const text = score(await tag({ title: sample?.title }))
    expect(both).not.toEqual(video)
    expect(both).not.toEqual(text)
    expect(video).not.toEqual(text)
  }, 90_000)

  it('re-tags without decoding a frame', async () => {
    const [sample] = samples()
    const before = await tag({ title: sample?.title }, sample?.file)
    const decoded = await platform.metric('reeltag_frames_decoded_total')
    expect(decoded).toBeGreaterThan(0)
    const response = await platform.fetch(`/v1/contents/${before.id}/retag`, { method: 'POST' })
    expect(response.status).toBe(202)
    const after = await final(before.id)
    expect(after.revision).toBe(before.revision + 1)
    expect(after.result?.tags).toEqual(before.result?.tags)
    expect(await platform.metric('reeltag_frames_decoded_total')).toBe(decoded)
  }, 90_000)

  it('joins frames of several videos into one batch under load', async () => {
    const [sample] = samples()
    const bytes = new Uint8Array(fs.readFileSync(sample?.file ?? ''))
    const ids = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        // Trailing bytes make each file another video to the ledgers without changing its picture.
        const file = new Uint8Array([...bytes, 0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65, index])
        return ((await (await platform.submit({ title: `第${index}个` }, file)).json()) as ContentAccepted).id
      }),
    )
    for (const id of ids) expect((await final(id)).state).not.toBe('failed')
    const rows = await platform.metric('reeltag_batch_size_sum')
    const batches = await platform.metric('reeltag_batch_size_count')
    expect(rows / batches).toBeGreaterThan(1)
  }, 180_000)
}
