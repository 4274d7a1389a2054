import { beforeAll, expect, it } from '@jest/globals'
import { ContentView, QueueList, RerunView, type ContentAccepted } from '@reeltag/contracts'
import { until } from '@reeltag/testing'
import { samples } from '../running-platform.js'
import type { Platform } from './platform.js'

/** What an administrator does with queues; the contents of these tests must be the first and only ones. */
export const queuesAndReruns = (started: () => Platform): void => {
  let platform: Platform
  let ids: string[]
  beforeAll(() => {
    platform = started()
  })

  const post = (route: string, body?: unknown): Promise<Response> =>
    platform.fetch(route, {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  const view = async (id: string): Promise<ContentView> => ContentView.parse(await platform.json(`/v1/contents/${id}`))
  const atRevision = (revision: number): Promise<ContentView[]> =>
    until(`everything has revision ${revision}`, 120, async () => {
      const views = await Promise.all(ids.map(view))
      return views.every((content) => content.state !== 'processing' && content.revision === revision)
        ? views
        : undefined
    })
  const decoded = (): Promise<number> => platform.metric('reeltag_frames_decoded_total')

  it('tags what it was given, urgent or not', async () => {
    const accepted = await Promise.all(
      Array.from({ length: 8 }, (_, n) => {
        const sample = samples()[n % samples().length]
        return platform.submit(
          { title: sample?.title, priority: n % 2 === 0 ? 'backfill' : 'interactive' },
          sample?.file,
        )
      }),
    )
    ids = await Promise.all(accepted.map(async (answer) => ((await answer.json()) as ContentAccepted).id))
    expect((await atRevision(1)).every(({ result }) => result !== null)).toBe(true)
  }, 180_000)

  it('tags everything again when asked to, behind a pause, and decodes nothing for it', async () => {
    const before = await decoded()
    expect((await post('/v1/admin/queues/fusion/pause')).status).toBe(200)
    const response = await post('/v1/admin/reruns', { contents: 'all' })
    const { id } = RerunView.parse(await response.json())
    const fusion = await until('all of it waits for fusion', 120, async () => {
      const { items } = QueueList.parse(await platform.json('/v1/admin/queues'))
      const waiting = items.find(({ queue }) => queue === 'fusion')
      return waiting?.stages.ready === ids.length ? waiting : undefined
    })
    expect(fusion).toMatchObject({ state: 'paused', stages: { running: 0 }, jobs: { active: 0 } })
    expect((await post('/v1/admin/queues/fusion/resume')).status).toBe(200)
    await atRevision(2)
    const rerun = RerunView.parse(await platform.json(`/v1/admin/reruns/${id}`))
    expect(rerun).toMatchObject({ state: 'done', restarted: ids.length, postponed: 0 })
    expect(await decoded()).toBe(before)
  }, 300_000)

  it('has nothing missing then', async () => {
    const { id } = RerunView.parse(await (await post('/v1/admin/reruns', { contents: 'missing' })).json())
    const rerun = await until('the rerun has ended', 60, async () => {
      const seen = RerunView.parse(await platform.json(`/v1/admin/reruns/${id}`))
      return seen.state === 'running' ? undefined : seen
    })
    expect(rerun).toMatchObject({ state: 'done', examined: ids.length, restarted: 0 })
  }, 90_000)
}
