import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ContentAccepted, QueueList, RerunPage, RerunView } from '@reeltag/contracts'
import { newId } from '@reeltag/platform'
import { GatewayFixture } from '../gateway.fixture.js'

describe('administration over REST', () => {
  let gateway: GatewayFixture
  const keys = { operator: '', admin: '', stranger: '', ordinary: '' }
  beforeAll(async () => {
    gateway = await GatewayFixture.open()
    keys.operator = await gateway.makeKey('mine', ['platform'])
    keys.admin = await gateway.makeKey('mine', ['admin'])
    keys.stranger = await gateway.makeKey('theirs', ['admin'])
    keys.ordinary = await gateway.makeKey('mine', ['contents:read', 'contents:write', 'review:read'])
  })
  afterAll(() => gateway.close())

  const post = (route: string, key: string, body?: unknown): Promise<Response> =>
    gateway.fetch(route, {
      method: 'POST',
      key,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  const queue = async (name: string) => {
    const list = QueueList.parse(await (await gateway.fetch('/v1/admin/queues', { key: keys.operator })).json())
    return list.items.find((item) => item.queue === name)
  }

  it('lists the queues in the order of the pipeline, with what waits in them', async () => {
    const sent = await gateway.submit([['content', '{"title":"x","priority":"backfill"}']])
    const { id } = ContentAccepted.parse(await sent.json())
    const response = await gateway.fetch('/v1/admin/queues', { key: keys.operator })
    const { items } = QueueList.parse(await response.json())
    expect(items.map((item) => item.queue)).toEqual(['ingest', 'text', 'vision', 'fusion'])
    expect(await queue('text')).toMatchObject({
      state: 'running',
      since: null,
      stages: { ready: 1, queued: 0, running: 0, failed: 0 },
      oldestAgeSeconds: expect.any(Number),
      jobs: { waiting: 0, prioritized: 0, delayed: 0, active: 0 },
    })
    const [stage] = await gateway.db.query(`SELECT priority FROM stages WHERE content_id = $1`, [id])
    expect(stage).toEqual({ priority: 10 })
    expect(await gateway.problem(await gateway.submit([['content', '{"title":"x","priority":"now"}']]))).toEqual([
      400,
      'BODY_INVALID',
    ])
  })

  it('pauses, drains and resumes a queue, as often as one likes', async () => {
    for (const [verb, state] of [
      ['pause', 'paused'],
      ['pause', 'paused'],
      ['drain', 'drained'],
      ['resume', 'running'],
      ['resume', 'running'],
    ] as const) {
      const response = await post(`/v1/admin/queues/vision/${verb}`, keys.operator)
      expect([response.status, await response.json()]).toEqual([200, { queue: 'vision', state }])
      expect((await queue('vision'))?.state).toBe(state)
    }
  })

  it('wants the right of the platform for what all workspaces share, and of the workspace for its own', async () => {
    for (const key of [keys.admin, keys.ordinary]) {
      expect(await gateway.problem(await gateway.fetch('/v1/admin/queues', { key }))).toEqual([403, 'SCOPE_MISSING'])
      for (const verb of ['pause', 'resume', 'drain'])
        expect(await gateway.problem(await post(`/v1/admin/queues/text/${verb}`, key))).toEqual([403, 'SCOPE_MISSING'])
    }
    for (const key of [keys.operator, keys.ordinary])
      expect(await gateway.problem(await post('/v1/admin/reruns', key, { contents: 'all' }))).toEqual([
        403,
        'SCOPE_MISSING',
      ])
    expect((await queue('text'))?.state).toBe('running')
  })

  it('begins a rerun once, shows how far it is, and stops it', async () => {
    const begin = () =>
      post('/v1/admin/reruns', keys.admin, { contents: 'failed', queue: 'ingest', codes: ['INTERNAL'] })
    const response = await begin()
    const rerun = RerunView.parse(await response.json())
    expect([response.status, response.headers.get('location')]).toEqual([202, `/v1/admin/reruns/${rerun.id}`])
    expect(rerun).toMatchObject({
      contents: 'failed',
      stages: ['sample-frames'],
      codes: ['INTERNAL'],
      state: 'running',
    })
    expect(RerunView.parse(await (await begin()).json()).id).toBe(rerun.id)
    const page = await gateway.fetch('/v1/admin/reruns?limit=1', { key: keys.admin })
    expect(RerunPage.parse(await page.json()).items.map(({ id }) => id)).toEqual([rerun.id])
    const stopped = await post(`/v1/admin/reruns/${rerun.id}/stop`, keys.admin)
    expect(RerunView.parse(await stopped.json())).toMatchObject({ id: rerun.id, state: 'stopped' })
    const next = RerunView.parse(await (await begin()).json())
    expect(next.id).not.toBe(rerun.id)
    const first = RerunPage.parse(await (await gateway.fetch('/v1/admin/reruns?limit=1', { key: keys.admin })).json())
    const rest = await gateway.fetch(`/v1/admin/reruns?cursor=${first.nextCursor ?? ''}`, { key: keys.admin })
    expect(RerunPage.parse(await rest.json())).toMatchObject({ items: [{ id: rerun.id }], nextCursor: null })
  })

  it("knows no other workspace's reruns, and nothing that is not there", async () => {
    const mine = RerunView.parse(await (await post('/v1/admin/reruns', keys.admin, { contents: 'missing' })).json())
    const missing = [404, 'NOT_FOUND']
    const route = `/v1/admin/reruns/${mine.id}`
    expect(await gateway.problem(await gateway.fetch(route, { key: keys.stranger }))).toEqual(missing)
    expect(await gateway.problem(await post(`${route}/stop`, keys.stranger))).toEqual(missing)
    expect(await (await gateway.fetch('/v1/admin/reruns', { key: keys.stranger })).json()).toMatchObject({ items: [] })
    // What a stranger may not see is not stopped by one either.
    const left = await gateway.fetch(route, { key: keys.admin })
    expect(RerunView.parse(await left.json())).toMatchObject({ id: mine.id, state: 'running' })
    for (const id of [newId(), 'nonsense'])
      expect(await gateway.problem(await gateway.fetch(`/v1/admin/reruns/${id}`, { key: keys.admin }))).toEqual(missing)
    for (const name of ['kitchen', '%00', '__proto__'])
      expect(await gateway.problem(await post(`/v1/admin/queues/${name}/pause`, keys.operator))).toEqual(missing)
  })

  it('takes bodies at their word', async () => {
    const refused = [400, 'BODY_INVALID']
    for (const body of [
      {},
      { contents: 'some' },
      { contents: 'all', limit: 5 },
      { contents: 'all', queue: 'ingest' },
      { contents: 'failed', queue: 'kitchen' },
      { contents: 'failed', stage: 'boil' },
      { contents: 'failed', codes: [] },
      { contents: 'failed', codes: ['NO_SUCH_CODE'] },
      ['all'],
      null,
    ])
      expect([body, await gateway.problem(await post('/v1/admin/reruns', keys.admin, body))]).toEqual([body, refused])
    const raw = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
      gateway.fetch('/v1/admin/reruns', { method: 'POST', key: keys.admin, body, headers: { 'content-type': type } })
    expect(await gateway.problem(await raw('{'))).toEqual([400, 'BODY_NOT_JSON'])
    expect(await gateway.problem(await raw(new Uint8Array([0x22, 0xff, 0x22])))).toEqual([400, 'TEXT_NOT_UTF8'])
    expect(await gateway.problem(await raw('contents=all', 'application/x-www-form-urlencoded'))).toEqual([
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ])
    expect(await gateway.problem(await post('/v1/admin/queues/text/pause', keys.operator, { for: '1h' }))).toEqual(
      refused,
    )
    expect((await queue('text'))?.state).toBe('running')
  })

  it('is described in OpenAPI', async () => {
    const document = (await (await gateway.fetch('/docs-json', { key: null })).json()) as { paths: object }
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/admin/queues', '/v1/admin/queues/{queue}/drain', '/v1/admin/reruns/{id}/stop']),
    )
  })
})
