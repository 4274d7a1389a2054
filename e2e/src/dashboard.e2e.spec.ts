import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { describeUnless, until } from '@reeltag/testing'
import axe, { type AxeResults } from 'axe-core'
import fs from 'node:fs'
import path from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { RunningPlatform, samples } from './running-platform.js'

const names = ['chromium', 'chromium-browser', 'google-chrome']
/** As a shell would find it. */
const executablePath =
  process.env['CHROMIUM'] ??
  (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((file) => fs.existsSync(file))
const reason =
  executablePath === undefined
    ? 'chromium is not on the PATH: install Chromium (Debian: chromium), or set CHROMIUM'
    : undefined

const pages = ['review', 'results', 'queues', 'tree', 'quality', 'policies', 'operations']
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

describeUnless(reason, 'the dashboard', () => {
  let platform: RunningPlatform
  let browser: Browser
  let context: BrowserContext
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    platform = await RunningPlatform.start()
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox'],
    })
    context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      colorScheme: 'light',
    })
    page = await context.newPage()
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy/.test(message.text())) problems.push(message.text())
    })
  })
  afterAll(async () => {
    await browser?.close()
    await platform?.close()
  })

  const open = async (name: string): Promise<void> => {
    await page.goto(`${platform.url}/app/${name}`)
    await page.locator('main').waitFor()
  }
  /** Titles that say nothing of a subject, so that a person has to look; one with a film that is not clear either. */
  const submitForReview = async (): Promise<void> => {
    const film = samples().find(({ file }) => file.includes('strawberry'))?.file
    expect(film).toBeDefined()
    const submitted = [
      await platform.submit(
        { title: '随便拍拍，今天的日常记录 #vlog', description: '周末和朋友出门，顺手拍的一段。' },
        film,
      ),
      ...(await Promise.all(
        ['今天天气真好', '随便拍拍', '街头小吃合集', '新车试驾体验'].map((title) => platform.submit({ title })),
      )),
    ]
    expect(submitted.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202])
    await until('all of them wait for a reviewer', 120, async () => {
      const { items } = await platform.json<{ items: unknown[] }>('/v1/review/items')
      return items.length === submitted.length ? true : undefined
    })
  }
  const signIn = async (): Promise<void> => {
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const added = await platform.fetch('/v1/users', { ...json, body: JSON.stringify({ name: 'Lin', role: 'admin' }) })
    const { id } = (await added.json()) as { id: string }
    const { url } = (await (await platform.fetch(`/v1/users/${id}/link`, { method: 'POST' })).json()) as { url: string }
    await page.goto(
      new URL(url).pathname.startsWith('/') ? platform.url + new URL(url).pathname + new URL(url).hash : url,
    )
    await page.getByRole('button', { name: 'Sign in with this link' }).click()
    await page.locator('.shell').waitFor()
  }

  it('signs a person in by a link, which leaves nothing in the address', async () => {
    await signIn()
    expect(page.url()).not.toContain('token')
    expect(await page.getByRole('navigation').first().innerText()).toContain('Review')
  })

  it('takes one item with one key, another with two, and undoes', async () => {
    await submitForReview()
    await open('review')
    await page.getByRole('toolbar').waitFor()
    const before = await page.locator('.options .option').count()
    expect(before).toBeGreaterThan(0)
    await page.keyboard.press('Enter')
    await page.locator('.undo-bar').getByRole('button', { name: 'Undo' }).waitFor()
    const verdicts = await platform.json<{ items: { action: string }[] }>('/v1/review/verdicts')
    expect(verdicts.items.map(({ action }) => action)).toEqual(['accept'])
    const restored = page.waitForResponse((response) => response.url().endsWith('/v1/review/claims'))
    await page.keyboard.press('Control+z')
    await until('the verdict is undone', 30, async () => {
      const { items } = await platform.json<{ items: { state: string }[] }>('/v1/review/verdicts')
      return items[0]?.state === 'undone' ? true : undefined
    })
    // The item is back with a claim of its own.
    await restored
    await page.locator('.undo-bar').waitFor({ state: 'detached' })
    await page.getByRole('toolbar').waitFor()
    await page.keyboard.press('x')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('1')
    await until('the rejection has arrived', 30, async () => {
      const { items } = await platform.json<{ items: { action: string; reason: string | null }[] }>(
        '/v1/review/verdicts',
      )
      return items.some(({ action, reason: why }) => action === 'reject' && why === 'none-fits') ? true : undefined
    })
  })

  it('finds a node of the tree by pinyin, without a mouse', async () => {
    await open('review')
    await page.getByRole('toolbar').waitFor()
    await page.keyboard.press('/')
    await page.getByRole('combobox').waitFor()
    await page.keyboard.type('xm')
    await page.getByRole('option').first().filter({ hasText: 'panda' }).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.option.chosen').filter({ hasText: 'panda' }).waitFor()
    await page.locator('.action-bar').getByRole('button', { name: 'Send correction' }).waitFor()
  })

  it('does nothing by keys while somebody types', async () => {
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('n')
    await page.getByRole('textbox', { name: 'Note' }).and(page.locator(':focus')).waitFor()
    await page.keyboard.type('x e b')
    expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('x e b')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('Escape')
  })

  it('keeps a verdict that the network lost, and sends it once', async () => {
    const known = (await platform.json<{ items: unknown[] }>('/v1/review/verdicts')).items.length
    await context.setOffline(true)
    try {
      await page.keyboard.press('Enter')
      await page.getByText('Sending the verdict').waitFor()
    } finally {
      await context.setOffline(false)
    }
    await until('the verdict has arrived', 60, async () => {
      const { items } = await platform.json<{ items: unknown[] }>('/v1/review/verdicts')
      return items.length === known + 1 ? true : undefined
    })
  })

  it.each(pages.flatMap((name) => (['light', 'dark'] as const).map((scheme) => [name, scheme] as const)))(
    'has nothing on %s in %s that WCAG 2.2 AA forbids',
    async (name, colorScheme) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await open(name)
      await page.waitForLoadState('networkidle').catch(() => undefined)
      await page.evaluate(axe.source)
      const options = JSON.stringify({ runOnly: { type: 'tag', values: rules } })
      const { violations: found } = (await page.evaluate(`axe.run(document, ${options})`)) as AxeResults
      expect(found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])).toEqual([])
    },
  )

  it('obeys the policy of its page, and fails nowhere', () => {
    expect(problems).toEqual([])
  })
})
