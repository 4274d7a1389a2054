import { beforeAll, expect, it } from '@jest/globals'
import { ContentView, type ContentAccepted } from '@reeltag/contracts'
import { until } from '@reeltag/testing'
import fs from 'node:fs'
import path from 'node:path'
import { samples } from '../running-platform.js'
import type { Platform } from './platform.js'

const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value)

/** Files that are not what they say. */
export const badMedia = (started: () => Platform): void => {
  let platform: Platform
  beforeAll(() => {
    platform = started()
  })

  const codeOf = async (file: Uint8Array<ArrayBuffer>): Promise<string | undefined> => {
    const response = await platform.submit({ title: 'x' }, file)
    if (response.status !== 202) return ((await response.json()) as { code: string }).code
    const { id } = (await response.json()) as ContentAccepted
    const content = await until(`${id} is final`, 60, async () => {
      const view = ContentView.parse(await platform.json(`/v1/contents/${id}`))
      return view.state === 'processing' ? undefined : view
    })
    return content.error?.code
  }

  it('names each with a documented code, and still serves the next', async () => {
    const sample = fs.readFileSync(samples()[0]?.file ?? '')
    const secret = path.join(platform.homes[0] ?? '', 'secret.ts')
    fs.writeFileSync(secret, sample)
    const cases: [string, Uint8Array<ArrayBuffer>, string[]][] = [
      ['zero bytes', new Uint8Array(), ['MEDIA_EMPTY']],
      ['text renamed to .mp4', text('this is no video\n'.repeat(400)), ['MEDIA_UNRECOGNISED']],
      [
        'truncated mp4',
        new Uint8Array(sample.subarray(0, 900)),
        ['MEDIA_UNRECOGNISED', 'MEDIA_UNDECODABLE', 'MEDIA_NO_VIDEO_STREAM'],
      ],
      [
        'HLS playlist',
        text(`#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:${secret}\n#EXT-X-ENDLIST\n`),
        ['MEDIA_UNRECOGNISED'],
      ],
      ['ffconcat', text(`ffconcat version 1.0\nfile 'file:${secret}'\n`), ['MEDIA_UNRECOGNISED']],
    ]
    for (const [name, bytes, codes] of cases)
      expect([name, codes]).toEqual([name, expect.arrayContaining([await codeOf(bytes)])])
    const accepted = await platform.submit({ title: '好的' }, samples()[0]?.file)
    expect(accepted.status).toBe(202)
  }, 120_000)

  it('leaves no upload behind', () => {
    const left = platform.homes
      .flatMap((home) => fs.readdirSync(home, { recursive: true, encoding: 'utf8' }))
      .filter((file) => file.endsWith('.part'))
    expect(left).toEqual([])
  })
}
