import { afterAll, describe, expect, it } from '@jest/globals'
import { ContentView, type ContentAccepted } from '@reeltag/contracts'
import { openEmbeddedPostgres } from '@reeltag/platform'
import { until } from '@reeltag/testing'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { root, RunningPlatform, samples } from './running-platform.js'

const running: RunningPlatform[] = []
const start = async (env: Record<string, string> = {}): Promise<RunningPlatform> => {
  const platform = await RunningPlatform.start(env)
  running.push(platform)
  return platform
}
const finalOf = async (platform: RunningPlatform, id: string): Promise<ContentView> =>
  until(`${id} is final`, 60, async () => {
    const content = ContentView.parse(await platform.json(`/v1/contents/${id}`))
    return content.state === 'processing' ? undefined : content
  })

describe('several processes', () => {
  afterAll(async () => {
    for (const platform of running.reverse()) await platform.close()
  })

  it('are two platforms with two homes, and know nothing of each other', async () => {
    const [first, second] = await Promise.all([start(), start()])
    const response = await first.submit({ title: '今天的草莓特别甜', externalId: 'same' })
    const { id } = (await response.json()) as ContentAccepted
    expect((await finalOf(first, id)).state).not.toBe('failed')
    expect((await second.fetch(`/v1/contents/${id}`)).status).toBe(404)
  })

  it('are one platform when each runs some of the services on the same Postgres', async () => {
    const host = running[0] ?? (await start())
    const shared = {
      DATABASE_URL: await openEmbeddedPostgres(host.home),
      BLOB_URL: `file:${path.join(host.home, 'blobs')}`,
    }
    await host.kill()
    const front = await start({ ...shared, REELTAG_SERVICES: 'gateway,review' })
    const [sample] = samples()
    const { id } = (await (await front.submit({ title: sample?.title }, sample?.file)).json()) as ContentAccepted
    await start({ ...shared, REELTAG_SERVICES: 'ingest,text-encoder' })
    await start({ ...shared, REELTAG_SERVICES: 'vision-encoder,fusion' })
    const content = await finalOf(front, id)
    expect(content.result?.tags.map(({ path: tag }) => tag)).toContain(sample?.path)
    await host.boot()
  })

  it('hand out keys from the command line: scoped, listed, revoked', async () => {
    const platform = running[0] ?? (await start())
    const cli = (...args: string[]): string =>
      execFileSync(process.execPath, [path.join(root, 'apps/reeltag/dist/cli.js'), ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PATH: process.env['PATH'] ?? '', HOME: platform.home, REELTAG_HOME: platform.home },
      }).trim()
    const key = cli('keys', 'create', '--name', 'reader', '--workspace', 'other', '--scope', 'contents:read')
    expect((await platform.fetch('/v1/contents', { key })).status).toBe(200)
    expect(await (await platform.fetch('/v1/contents', { key })).json()).toEqual({ items: [], nextCursor: null })
    expect((await platform.fetch('/v1/review/items', { key })).status).toBe(403)
    const [, prefix = ''] = key.split('_')
    expect(cli('keys', 'list')).toContain(`${prefix}\tother\treader\tcontents:read`)
    cli('keys', 'revoke', prefix)
    await until('the key is refused', 30, async () =>
      (await platform.fetch('/v1/contents', { key })).status === 401 ? true : undefined,
    )
  })
})
