import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ContentAccepted } from '@reeltag/contracts'
import { createLogger, Database, newId, tellWatchers } from '@reeltag/platform'
import { createTestDatabase, until } from '@reeltag/testing'
import { GatewayFixture } from '../gateway.fixture.js'
import { LiveHub } from './live-hub.js'
import type { LiveReader } from './live-room.js'

/** A page that watches, as an EventSource would. */
class Watcher {
  text = ''
  ended = false

  private constructor(
    readonly response: Response,
    private readonly cut: AbortController,
  ) {
    void this.read()
  }

  static async open(gateway: GatewayFixture, key: string, headers: Record<string, string> = {}): Promise<Watcher> {
    const cut = new AbortController()
    const response = await gateway.fetch('/v1/live', { key, signal: cut.signal, headers })
    const watcher = new Watcher(response, cut)
    await watcher.hears(/listening/)
    return watcher
  }

  hears(what: RegExp): Promise<unknown> {
    return until(`a page hears ${what}`, 30, () => what.test(this.text))
  }

  close(): void {
    this.cut.abort()
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder()
    try {
      for await (const chunk of this.response.body ?? []) this.text += decoder.decode(chunk as Uint8Array)
    } catch {
      // Its connection was cut.
    }
    this.ended = true
  }
}

describe('what pages are told', () => {
  let gateway: GatewayFixture
  let theirs = ''
  const submit = async (key?: string): Promise<string> =>
    ContentAccepted.parse(await (await gateway.submit([['content', '{"title": "x"}']], key)).json()).id
  const workspaceOf = async (contentId: string): Promise<string> => {
    const sql = 'SELECT workspace_id FROM contents WHERE id = $1'
    const [row] = await gateway.db.query<{ workspace_id: string }>(sql, [contentId])
    return row?.workspace_id ?? ''
  }
  beforeAll(async () => {
    gateway = await GatewayFixture.open()
    theirs = await gateway.makeKey('theirs', ['contents:read', 'contents:write', 'review:read'])
  })
  afterAll(() => gateway.close())

  it('needs review:read, and is an event stream that no proxy keeps', async () => {
    expect(await gateway.problem(await gateway.fetch('/v1/live', { key: null }))).toEqual([401, 'KEY_MISSING'])
    expect(await gateway.problem(await gateway.fetch('/v1/live', { key: gateway.keys.reader }))).toEqual([
      403,
      'SCOPE_MISSING',
    ])
    const page = await Watcher.open(gateway, gateway.keys.all, { 'last-event-id': '9'.repeat(200) })
    expect(Object.fromEntries(page.response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/./),
    })
    page.close()
  })

  it('is a content that comes, goes through its stages and ends, and nothing of another workspace', async () => {
    const [page, other] = [await Watcher.open(gateway, gateway.keys.all), await Watcher.open(gateway, theirs)]
    const id = await submit()
    await page.hears(new RegExp(`event: content\ndata: {"id":"${id}","state":"processing"}\n\n`))
    await gateway.db.query(`UPDATE stages SET state = 'running', started_at = now() WHERE content_id = $1`, [id])
    await page.hears(new RegExp(`"id":"${id}","state":"processing","stage":"embed-text","stageState":"running"`))
    await gateway.db.query(`UPDATE contents SET state = 'published' WHERE id = $1`, [id])
    await page.hears(new RegExp(`"id":"${id}","state":"published"`))
    const own = await submit(theirs)
    await other.hears(new RegExp(own))
    expect([other.text.includes(id), page.text.includes(own)]).toEqual([false, false])
    for (const one of [page, other]) one.close()
  })

  it('is not a lease that was renewed', async () => {
    const id = await submit()
    await gateway.db.query(`UPDATE stages SET state = 'running', started_at = now() WHERE content_id = $1`, [id])
    const page = await Watcher.open(gateway, gateway.keys.all)
    await gateway.db.query(`UPDATE stages SET lease_until = now() WHERE content_id = $1`, [id])
    const next = await submit()
    await page.hears(new RegExp(next))
    expect(page.text).not.toContain(id)
    page.close()
  })

  it('is an item that somebody claimed, and that counts changed', async () => {
    const page = await Watcher.open(gateway, gateway.keys.all)
    const [workspace, item, silent] = [await workspaceOf(await submit()), newId(), newId()]
    const claimed = (id: string) => [{ id, change: 'claimed' as const }]
    await gateway.db.transaction((tx) => tellWatchers(tx, workspace, claimed(item)), { durable: false })
    await page.hears(new RegExp(`event: item\ndata: {"id":"${item}","change":"claimed"}`))
    const undone = gateway.db.transaction(
      async (tx) => {
        await tellWatchers(tx, workspace, claimed(silent))
        throw new Error('undone')
      },
      { durable: false },
    )
    await expect(undone).rejects.toThrow('undone')
    await submit()
    await page.hears(/event: queues/)
    expect(page.text).not.toContain(silent)
    page.close()
  })

  it('is one word where many contents change at once, within what a payload holds', async () => {
    const workspace = await workspaceOf(await submit())
    const page = await Watcher.open(gateway, gateway.keys.all)
    const before = page.text.split('event: contents').length
    await gateway.db.query(
      `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash)
       SELECT gen_random_uuid(), $1, 'failed', 'x', '{}', '{text}', '' FROM generate_series(1, 500)`,
      [workspace],
    )
    await until('the page is told that there are many', 30, () => page.text.split('event: contents').length > before)
    expect(page.text).not.toContain('"failed"')
    page.close()
  })

  it('is told again that something may have been missed, after Postgres cut the connection', async () => {
    const page = await Watcher.open(gateway, gateway.keys.all)
    expect(page.text).not.toContain('event: contents')
    await until('the gateway hears', 30, async () => (await cutListeners(gateway)) > 0)
    await page.hears(/event: contents\n/)
    const id = await submit()
    await page.hears(new RegExp(id))
    page.close()
  })

  it('costs nothing while nobody watches: nothing is told of workspaces without pages', async () => {
    const id = await submit()
    await gateway.db.query(`DELETE FROM live_watchers`)
    const page = await Watcher.open(gateway, theirs)
    const sql = 'SELECT workspace_id FROM live_watchers WHERE workspace_id = $1'
    expect(await gateway.db.query(sql, [await workspaceOf(id)])).toEqual([])
    page.close()
  })

  it('ends when the server stops, and goes on with the next', async () => {
    const page = await Watcher.open(gateway, gateway.keys.all)
    await gateway.restart()
    await until('the stream has ended', 30, () => page.ended)
    const next = await Watcher.open(gateway, gateway.keys.all)
    const id = await submit()
    await next.hears(new RegExp(id))
    next.close()
  })
})

describe('LiveHub', () => {
  const silent = createLogger({ level: 'silent' })
  const page = () => {
    const seen = { ended: false }
    const reader = { write: () => true, end: () => (seen.ended = true), destroy: () => undefined, writableLength: 0 }
    return { seen, reader: reader as unknown as LiveReader }
  }

  it('takes so many pages of a workspace and no more, and when it ends it ends them and takes nobody', async () => {
    const { url, drop } = await createTestDatabase()
    const db = new Database(url, { poolMax: 2 })
    const hub = new LiveHub(db, silent)
    const [workspace, other] = [newId(), newId()]
    await hub.prepare(workspace)
    const pages = Array.from({ length: 500 }, page)
    for (const { reader } of pages) hub.enter(workspace, reader)
    expect(() => hub.enter(workspace, page().reader)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
    await expect(hub.prepare(workspace)).rejects.toMatchObject({ code: 'OVERLOADED' })
    hub.leave(workspace, pages[0]!.reader)
    hub.enter(workspace, pages[0]!.reader)
    hub.enter(other, page().reader)
    await hub.close()
    expect(pages.every(({ seen }) => seen.ended)).toBe(true)
    await expect(hub.prepare(other)).rejects.toMatchObject({ code: 'OVERLOADED' })
    await db.close()
    await drop()
  })
})

const cutListeners = async ({ db }: GatewayFixture): Promise<number> =>
  (
    await db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'reeltag-live' AND datname = current_database()`,
    )
  ).length
