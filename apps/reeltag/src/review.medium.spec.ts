import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ContentAccepted, ReviewPage } from '@reeltag/contracts'
import { createTestDatabase, until, type TestDatabase } from '@reeltag/testing'
import { concluded, PackFolder, runCli } from './packs.fixture.js'
import { ReeltagProcess } from './process.fixture.js'

const key = 'a-key-for-the-tests-of-review'
const json = { 'content-type': 'application/json' }

describe('what a platform is not sure of', () => {
  const folder = new PackFolder()
  // A pack that was never calibrated publishes nothing.
  const pack = folder.add('2.0.1', ({ facets }) => Object.assign(facets.subject, { calibrated: false }))
  let database: TestDatabase
  let platform: ReeltagProcess
  beforeAll(async () => {
    database = await createTestDatabase()
    platform = await ReeltagProcess.start({
      ...folder.env,
      DATABASE_URL: database.url,
      REELTAG_BOOTSTRAP_KEY: key,
      REELTAG_PACK: pack,
    })
    await platform.ready
  })
  afterAll(async () => {
    await platform.stop()
    await database.drop()
    folder.remove()
  })

  const authorized = (by = key) => ({ ...json, authorization: `Bearer ${by}` })
  const submit = async (title: string): Promise<string> => {
    const body = JSON.stringify({ title })
    const sent = await platform.fetch('/v1/contents', { method: 'POST', headers: authorized(), body })
    return ContentAccepted.parse(await sent.json()).id
  }
  const items = async (query = '', by = key) =>
    ReviewPage.parse(await (await platform.fetch(`/v1/review/items${query}`, { headers: authorized(by) })).json())
  const open = async (count: number) =>
    until(`${count} items are open`, 30, async () => {
      const page = await items()
      return page.items.length === count ? page.items : undefined
    })

  it('comes to a reviewer with its candidates, page by page, and to nobody else', async () => {
    const ids = [await submit('大熊猫'), await submit('一列火车'), await submit('草莓')]
    for (const id of ids)
      expect(await concluded(platform, authorized(), { id, seconds: 60 })).toMatchObject({ state: 'in_review' })
    const found = await open(3)
    expect(found.map(({ contentId }) => contentId).sort()).toEqual([...ids].sort())
    const panda = found.find(({ title }) => title === '大熊猫')
    expect(panda).toMatchObject({ contentId: ids[0], revision: 1, reason: 'uncertain', state: 'open' })
    expect(panda?.tags.map(({ facet, status }) => `${facet} ${status}`)).toContain('subject candidate')
    const first = await items('?limit=2')
    const second = await items(`?limit=2&cursor=${first.nextCursor ?? ''}`)
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(found.map(({ id }) => id))
    expect(second.nextCursor).toBeNull()
    const env = { ...folder.env, DATABASE_URL: database.url, REELTAG_HOME: folder.home }
    const made = await runCli(
      env,
      ...['keys', 'create', '--name', 'x', '--workspace', 'others', '--scope', 'review:read'],
    )
    expect(await items('', made.stdout.trim())).toEqual({ items: [], nextCursor: null })
  })

  it('is one open item a content, however often it is tagged again', async () => {
    const before = await open(3)
    const { contentId } = before[0]!
    const retag = { method: 'POST', headers: authorized(), body: '{}' }
    expect((await platform.fetch(`/v1/contents/${contentId}/retag`, retag)).status).toBe(202)
    const newer = await until('the newer item is open', 60, async () =>
      (await items()).items.find((item) => item.contentId === contentId && item.revision === 2),
    )
    expect((await items()).items).toHaveLength(3)
    const { items: superseded } = await items('?state=superseded')
    expect(superseded.map(({ id, revision, state }) => [id, revision, state])).toEqual([
      [before[0]!.id, 1, 'superseded'],
    ])
    expect(newer.id).not.toBe(before[0]!.id)
  })
})
