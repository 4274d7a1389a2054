import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  CalibrationPage,
  CalibrationView,
  ContentAccepted,
  ContentView,
  PolicyAudits,
  PolicyView,
  Problem,
  RedecisionView,
  ReviewPage,
} from '@reeltag/contracts'
import { Database } from '@reeltag/platform'
import { createTestDatabase, until, type TestDatabase } from '@reeltag/testing'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { concluded, runCli } from './packs.fixture.js'
import { ReeltagProcess } from './process.fixture.js'

const key = 'a-key-for-the-tests-of-policies'
// One in four is for the calibration, which takes 50.
const contents = 280
const titles = [
  '周末去看大熊猫',
  '一列火车',
  '草莓蛋糕',
  'a cat sleeps',
  '随便看看',
  '红色的苹果',
  '会飞的东西',
  'hello',
]

describe('a policy of a workspace', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-policies-'))
  let database: TestDatabase
  let db: Database
  let platform: ReeltagProcess
  beforeAll(async () => {
    database = await createTestDatabase()
    db = new Database(database.url, { poolMax: 2 })
    platform = await ReeltagProcess.start({ DATABASE_URL: database.url, REELTAG_BOOTSTRAP_KEY: key, AUDIT_SHARE: '1' })
    await platform.ready
  })
  afterAll(async () => {
    await platform.stop()
    await db.close()
    await database.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const cli = (...args: string[]) => runCli({ DATABASE_URL: database.url, HOME: folder, REELTAG_HOME: folder }, ...args)
  const post = (route: string, body?: unknown) =>
    platform.fetch(route, { method: 'POST', headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  const submit = async (title: string): Promise<string> =>
    ContentAccepted.parse(await (await post('/v1/contents', { title })).json()).id
  const view = async (id: string) =>
    ContentView.parse(await (await platform.fetch(`/v1/contents/${id}`, { headers })).json())
  const resultsOf = (ids: readonly string[]) =>
    db.query<{ revision: number; decision: string; tags: unknown }>(
      `SELECT c.revision, p.decision, p.tags FROM contents c JOIN predictions p ON p.content_id = c.id AND p.revision = c.revision
       WHERE c.id = ANY($1::uuid[]) ORDER BY c.id`,
      [ids],
    )
  /** One open item of its visible result for every content that is in review, and none for others. */
  const openItemsAreThoseInReview = () =>
    until('reviewers see what is in review', 60, async () => {
      const odd = await db.query(
        `SELECT c.id FROM contents c LEFT JOIN review_items r ON r.content_id = c.id AND r.state = 'open'
         GROUP BY c.id HAVING count(r.id) <> (c.state = 'in_review')::int OR coalesce(max(r.revision), c.revision) <> c.revision`,
      )
      return odd.length === 0
    })
  const audits = async () => {
    const answer = await platform.fetch('/v1/policies/one-in-five%2F1/audits', { headers })
    return PolicyAudits.parse(await answer.json()).groups[0]
  }
  /** Pictures by command and over REST, which serves them as pictures and nothing else. */
  const showPictures = async (): Promise<void> => {
    const file = path.join(folder, 'picture.svg')
    const plotted = (kind: string) => cli('policies', 'plot', 'one-in-five/1', '--kind', kind, '--out', file)
    expect(await cli('calibrate', 'plot', 'by-class/1', '--out', file)).toMatchObject({
      status: 0,
      stdout: `${file}\n`,
    })
    const picture = fs.readFileSync(file, 'utf8')
    expect(picture).toContain('Reliability · Subject · text')
    expect(await plotted('risk-coverage')).toMatchObject({ status: 0 })
    expect(await plotted('thresholds')).toMatchObject({ status: 0 })
    expect(await plotted('pie')).toMatchObject({ status: 2, stderr: expect.stringContaining('--kind takes') })
    const fetched = (route: string) => platform.fetch(`/v1/${route}`, { headers })
    const same = await fetched('calibrations/by-class%2F1/plots/reliability.svg?facet=subject&mask=text')
    expect(await same.text()).toBe(picture)
    expect(Object.fromEntries(same.headers)).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    for (const [route, status, code] of [
      ['calibrations/by-class%2F1/plots/reliability.svg?facet=mood', 404, 'NOT_FOUND'],
      ['policies/one-in-five%2F1/plots/thresholds.svg?mask=sound', 404, 'NOT_FOUND'],
      ['policies/one-in-five%2F1/plots/risk-coverage.svg?lang=fr', 400, 'QUERY_INVALID'],
      ['policies/one-in-five%2F9/plots/risk-coverage.svg', 404, 'NOT_FOUND'],
    ] as const) {
      const refused = await fetched(route)
      expect(refused.headers.get('content-type')).toContain('application/problem+json')
      const problem = Problem.parse(await refused.json())
      expect([route, refused.status, problem.code]).toEqual([route, status, code])
    }
    const listed = await (await fetched('calibrations')).json()
    expect(CalibrationPage.parse(listed).items).toMatchObject([{ ref: 'by-class/1', because: 'asked', family: 'auto' }])
    const one = CalibrationView.parse(await (await fetched('calibrations/by-class%2F1')).json())
    expect(one.document).toHaveProperty(['report', 'subject', 'text', 'after'])
    const again = await post('/v1/calibrations', { name: 'Not A Slug' })
    expect([again.status, Problem.parse(await again.json()).code]).toEqual([400, 'BODY_INVALID'])
  }
  const draft = { name: 'one-in-five', targets: [{ facet: 'subject', error: 0.2 }], delta: 0.2 }

  it('is drafted from labels, replayed, brought into force, and named by results', async () => {
    const refused = await post('/v1/policies', draft)
    expect([refused.status, Problem.parse(await refused.json()).code]).toEqual([409, 'TARGET_UNPROVEN'])

    const ids: string[] = []
    for (let i = 0; i < contents; i++) ids.push(await submit(`${titles[i % titles.length] ?? ''} ${i}`))
    await until('all are tagged', 120, async () => {
      const [row] = await db.query<{ tagged: number }>(`SELECT count(*)::int AS tagged FROM prediction_scores`)
      return row?.tagged === contents
    })
    // The truth of most is what the platform says first; of some it is another leaf.
    const rows = await db.query<{ id: string; path: string }>(
      `SELECT p.content_id AS id, tag->>'path' AS path FROM predictions p
       CROSS JOIN LATERAL (SELECT tag FROM jsonb_array_elements(p.tags) tag WHERE tag->>'facet' = 'subject'
         ORDER BY (tag->>'status' = 'candidate') DESC LIMIT 1) first`,
    )
    const lines = rows.map(({ id, path: likeliest }, i) =>
      [
        id,
        'subject',
        i % 25 === 0 ? 'animals/pets-and-livestock/cat' : likeliest,
        'gold',
        'li',
        '2026-01-01T00:00:00Z',
      ].join(','),
    )
    const file = path.join(folder, 'truth.csv')
    fs.writeFileSync(file, ['content_id,facet,path,source,who,at', ...lines, ''].join('\n'))
    expect(await cli('labels', 'import', file)).toMatchObject({ status: 0 })

    const fitted = await cli('calibrate', 'by-class', '--family', 'auto')
    expect(fitted).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^by-class\/1\nsubject\ttext\t\d+ contents\tmaps .*ECE [\d.]+ % → [\d.]+ %/),
    })
    expect(await cli('calibrate', 'list')).toMatchObject({
      stdout: expect.stringMatching(/^by-class\/1\tstarter.*\tasked\t/),
    })
    const stored = await cli('calibrate', 'show', 'by-class/1', '--json')
    expect(JSON.parse(stored.stdout)).toMatchObject({ ref: 'by-class/1', document: { family: 'auto' } })
    const byClass = ['--calibration', 'by-class/1']
    const made = await cli(
      'policies',
      'draft',
      'one-in-five',
      '--target',
      'subject=0.2',
      '--delta',
      '0.2',
      '--as',
      'lead',
      ...byClass,
    )
    expect(made).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^one-in-five\/1\nsubject\ttext\t\*\terror ≤ 0.2\tfrom /),
    })
    expect(made.stdout).toContain(`truth\t${contents} contents`)
    expect(made.stdout).toContain('calibration\tby-class/1')
    await showPictures()

    const early = await cli('policies', 'activate', 'one-in-five/1', '--replaces', 'none')
    expect(early).toMatchObject({ status: 1, stderr: expect.stringContaining('POLICY_NOT_REPLAYED') })
    const replayed = await cli('policies', 'replay', 'one-in-five/1')
    expect(replayed).toMatchObject({ status: 0, stdout: expect.stringContaining(`contents\t${contents}`) })
    expect(replayed.stdout).toMatch(/reviewer hours\t[\d.]+\t[\d.]+/)

    const { items } = (await (await platform.fetch('/v1/policies', { headers })).json()) as { items: unknown[] }
    const policy = PolicyView.parse(items[0])
    expect(policy).toMatchObject({ ref: 'one-in-five/1', state: 'replayed', createdBy: 'lead', replay: { contents } })
    const stale = await post(`/v1/policies/${policy.id}/activate`, { replaces: 'other/7' })
    expect([stale.status, Problem.parse(await stale.json()).code]).toEqual([409, 'POLICY_CONFLICT'])
    const activated = PolicyView.parse(
      await (await post(`/v1/policies/${policy.id}/activate`, { replaces: null })).json(),
    )
    expect(activated).toMatchObject({ state: 'active', activatedBy: expect.stringMatching(/^key:/) })

    await new Promise((resolve) => setTimeout(resolve, 1_200))
    const id = await submit('周末去看大熊猫，又来了')
    await concluded(platform, headers, { id, seconds: 60 })
    expect((await view(id)).result?.versions).toMatchObject({ pack: 'starter/2.0.0', policy: 'one-in-five/1' })
    expect((await view(ids[0] ?? '')).result?.versions).not.toHaveProperty('policy')
    expect(await cli('policies', 'list')).toMatchObject({
      stdout: expect.stringMatching(/^one-in-five\/1\tactive\tstarter\/2.0.0\tlead\t/),
    })

    const shown = await cli('policies', 'show', 'one-in-five/1', '--json')
    expect(JSON.parse(shown.stdout)).toMatchObject({ ref: 'one-in-five/1', state: 'active', replay: { contents } })

    await until('what it published is chosen for an audit', 120, async () => (await audits())?.chosen === 1)
    expect(await audits()).toMatchObject({ facet: 'subject', under: null, answered: 0, precision: null })
    const tag = (await view(id)).result?.tags.find(({ status }) => status === 'published')
    const truth = { contentId: id, facet: 'subject', path: tag?.path, source: 'audit', who: 'wu', at: new Date() }
    expect((await post('/v1/labels', [truth])).status).toBe(200)
    expect(await audits()).toMatchObject({ answered: 1, wrong: 0, precision: 1, watch: { state: 'kept' } })

    expect(await cli('policies', 'retire', 'one-in-five/1')).toMatchObject({ status: 0 })
    const told = await db.query<{ name: string }>(`SELECT name FROM outbox WHERE name LIKE 'policy.%' ORDER BY id`)
    expect(told.map(({ name }) => name)).toEqual(['policy.activated.v1', 'policy.retired.v1'])
  })

  it('decides history anew when asked to, as a rerun through the model would', async () => {
    expect(await cli('policies', 'activate', 'one-in-five/1', '--replaces', 'none')).toMatchObject({ status: 0 })
    const rows = await db.query<{ id: string }>(`SELECT id FROM contents ORDER BY id`)
    const ids = rows.map(({ id }) => id)
    const stranger = await cli('policies', 'redecide', 'none')
    expect(stranger).toMatchObject({ status: 1, stderr: expect.stringContaining('POLICY_CONFLICT') })
    const redecided = await cli('policies', 'redecide', 'one-in-five/1', '--as', 'lead')
    expect(redecided).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(new RegExp(`\tone-in-five/1\tdone\t.*examined=${ids.length}/`)),
    })
    const anew = await resultsOf(ids)
    expect(anew.filter(({ revision }) => revision === 2).length).toBeGreaterThan(0)
    const begun = await post('/v1/redecisions', { policy: 'one-in-five/1' })
    const redecision = RedecisionView.parse(await begun.json())
    expect([begun.status, begun.headers.get('location')]).toEqual([202, `/v1/redecisions/${redecision.id}`])
    // It has not begun yet, because the policy may be a second old.
    const stopped = await post(`/v1/redecisions/${redecision.id}/stop`)
    expect(RedecisionView.parse(await stopped.json())).toMatchObject({ state: 'stopped', examined: 0 })
    expect(await cli('policies', 'redecide-stop', redecision.id)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('stopped'),
    })
    const unwatched = await cli('policies', 'redecide', 'one-in-five/1', '--no-wait')
    expect(unwatched).toMatchObject({ status: 0, stdout: expect.stringContaining('\tone-in-five/1\trunning\t') })
    expect((await cli('policies', 'redecisions')).stdout.split('\n')).toHaveLength(4)

    // The model again, under the same policy, comes to the same.
    expect(await cli('contents', 'rerun', '--all', '--wait')).toMatchObject({ status: 0 })
    await until('all are tagged again', 120, async () => {
      const now = await resultsOf(ids)
      return now.every(({ revision }, i) => revision === (anew[i]?.revision ?? 0) + 1)
    })
    const rerun = await resultsOf(ids)
    expect(rerun.map(({ decision, tags }) => ({ decision, tags }))).toEqual(
      anew.map(({ decision, tags }) => ({ decision, tags })),
    )
    await openItemsAreThoseInReview()
    expect(await cli('policies', 'retire', 'one-in-five/1')).toMatchObject({ status: 0 })
  })

  it('has rules that send contents to review, where they are routed under a capacity', async () => {
    // A policy with rules: what it sends to review says why, and is routed under the reviewers' capacity.
    const routing = path.join(folder, 'routing.yaml')
    fs.writeFileSync(routing, 'rules:\n  novelty: {max: 0.999}\ncosts:\n  nodes: {"subject:animals": 7}\n')
    const careful = await cli(
      ...['policies', 'draft', 'careful', '--target', 'subject=0.2', '--delta', '0.2', '--routing', routing],
      ...['--rule', 'sensitive', '--rule', 'new-author=3', '--cost', 'subject:food=20', '--candidate-error', '0.2'],
    )
    expect(careful).toMatchObject({ status: 0, stdout: expect.stringMatching(/\n(truth|subject)\t/) })
    const ref = careful.stdout.split('\n')[0] ?? ''
    const { document } = JSON.parse((await cli('policies', 'show', ref, '--json')).stdout) as PolicyView
    expect(document).toMatchObject({
      routing: {
        rules: { novelty: { max: 0.999 }, sensitive: { tree: true }, newAuthor: { contentsMin: 3 } },
        costs: { default: 1, nodes: { 'subject:animals': 7, 'subject:food': 20 } },
        novelty: { text: { facets: ['subject'], neighbour: 3 } },
      },
    })
    expect(await cli('policies', 'replay', ref)).toMatchObject({ status: 0 })
    expect(await cli('policies', 'activate', ref, '--replaces', 'none')).toMatchObject({ status: 0 })
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    const sent = await post('/v1/contents', { title: '周末去看大熊猫，第三次', author: { authorId: 'li' } })
    const ruled = ContentAccepted.parse(await sent.json()).id
    expect(await concluded(platform, headers, { id: ruled, seconds: 60 })).toMatchObject({ state: 'in_review' })
    const queue = async () => {
      const answer = await platform.fetch('/v1/review/items?order=rank&limit=1', { headers })
      return ReviewPage.parse(await answer.json())
    }
    await until('the item is filed', 120, async () => (await queue()).items[0]?.contentId === ruled)
    expect((await queue()).items[0]).toMatchObject({
      rules: [{ rule: 'new-author', value: 0, limit: 3 }],
      route: null,
      candidateCoverage: null,
    })

    expect(await cli('review', 'capacity')).toMatchObject({ status: 1, stderr: expect.stringContaining('NOT_FOUND') })
    const said = { reviewers: 3, slaMinutes: 240, minutesPerItem: 0.5 }
    const put = (body: object) =>
      platform.fetch('/v1/review/capacity', { method: 'PUT', headers, body: JSON.stringify(body) })
    expect((await put({ ...said, reviewers: -1 })).status).toBe(400)
    expect((await platform.fetch('/v1/review/routing', { headers })).status).toBe(404)
    expect(await (await put(said)).json()).toMatchObject({ ...said, setBy: expect.stringMatching(/^key:/) })
    expect(await cli('review', 'capacity', '--reviewers', '2', '--sla-minutes', '120')).toMatchObject({
      stdout: expect.stringMatching(/^reviewers=2\tsla-minutes=120\tminutes-per-item=0.5\t/),
    })
    await until('the items are routed', 120, async () => (await queue()).items[0]?.route === 'review')
    expect((await queue()).items[0]).toMatchObject({ contentId: ruled, routedBy: ref })
    const shownRouting = await cli('review', 'routing')
    expect(shownRouting.stdout).toMatch(/^routed\t.*\tcareful\/\d+\nreview=\d+\tdecide=0\thold=0\tlate=0\n/)
    // A cursor of the other order is a place in another list.
    const newest = ReviewPage.parse(await (await platform.fetch('/v1/review/items?limit=1', { headers })).json())
    const wrong = await platform.fetch(`/v1/review/items?order=rank&cursor=${newest.nextCursor ?? ''}`, { headers })
    expect([wrong.status, Problem.parse(await wrong.json()).code]).toEqual([400, 'CURSOR_INVALID'])
  })

  it('needs a key that may, and a request that fits', async () => {
    const codeOf = async (response: Response) => [response.status, Problem.parse(await response.json()).code]
    expect(await codeOf(await platform.fetch('/v1/policies', {}))).toEqual([401, 'KEY_MISSING'])
    for (const bad of [
      { ...draft, targets: [] },
      { ...draft, targets: [{ facet: 'subject', error: 0 }] },
      { ...draft, name: 'Not A Slug' },
      { ...draft, delta: 2 },
      { ...draft, extra: 1 },
    ])
      expect(await codeOf(await post('/v1/policies', bad))).toEqual([400, 'BODY_INVALID'])
    expect(await codeOf(await post('/v1/policies/nobody/replay'))).toEqual([404, 'NOT_FOUND'])
    expect(await codeOf(await platform.fetch('/v1/redecisions', {}))).toEqual([401, 'KEY_MISSING'])
    for (const bad of [{}, { policy: 1 }, { policy: '' }, { policy: null, extra: 1 }])
      expect(await codeOf(await post('/v1/redecisions', bad))).toEqual([400, 'BODY_INVALID'])
    expect(await codeOf(await post('/v1/redecisions', { policy: 'nobody/1' }))).toEqual([404, 'NOT_FOUND'])
    expect(await codeOf(await post('/v1/redecisions/nobody/stop'))).toEqual([404, 'NOT_FOUND'])
    expect(await codeOf(await platform.fetch('/v1/redecisions/nobody', { headers }))).toEqual([404, 'NOT_FOUND'])
    const anyDraft = ['draft', 'x', '--target', 'subject=0.2']
    for (const args of [
      [...anyDraft, '--rule', 'luck=3'],
      [...anyDraft, '--rule', 'novelty=2'],
      [...anyDraft, '--cost', 'subject:food'],
      [...anyDraft, '--coherence', 'sideways'],
      [...anyDraft, '--routing', path.join(folder, 'nowhere.yaml')],
      ['draft'],
      ['draft', 'x'],
      ['draft', 'x', '--target', 'subject'],
      ['activate', 'x/1'],
    ])
      expect(await cli('policies', ...args)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('ARGUMENT_INVALID'),
      })
  })
})
