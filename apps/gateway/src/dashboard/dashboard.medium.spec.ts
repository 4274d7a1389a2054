import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { GatewayFixture } from '../gateway.fixture.js'

const html = { accept: 'text/html,application/xhtml+xml' }

describe('the dashboard', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-dashboard-'))
  const dist = path.join(folder, 'dist')
  let gateway: GatewayFixture
  beforeAll(async () => {
    gateway = await GatewayFixture.open({ DASHBOARD_DIR: dist })
  })
  afterAll(async () => {
    await gateway.close()
    fs.rmSync(folder, { recursive: true })
  })

  const get = (route: string, headers: Record<string, string> = {}) =>
    fetch(gateway.url + route, { redirect: 'manual', headers })
  const build = (): void => {
    fs.mkdirSync(path.join(dist, 'assets'), { recursive: true })
    fs.writeFileSync(
      path.join(dist, 'index.html'),
      '<meta property="csp-nonce" nonce="__CSP_NONCE__"><script nonce="__CSP_NONCE__" src="/app/assets/a-1f2e.js"></script>',
    )
    fs.writeFileSync(path.join(dist, 'assets/a-1f2e.js'), 'console.log(1)')
    fs.writeFileSync(path.join(dist, 'assets/a-1f2e.js.gz'), gzipSync('console.log(1)'))
    fs.writeFileSync(path.join(dist, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    fs.writeFileSync(path.join(dist, '.env'), 'SECRET=1')
    fs.writeFileSync(path.join(folder, 'outside.txt'), 'outside')
  }

  it('says how it is built where it is not, and is there once it is', async () => {
    for (const route of ['/app/', '/sign-in'])
      expect(await gateway.problem(await get(route, html))).toEqual([503, 'DASHBOARD_MISSING'])
    build()
    expect((await get('/app/', html)).status).toBe(200)
  })

  it('is where a browser goes that asks for nothing; a program gets a problem document', async () => {
    const answer = await get('/', html)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/app/'])
    expect(await gateway.problem(await get('/', { accept: 'application/json' }))).toEqual([404, 'NOT_FOUND'])
    expect((await get('/app')).headers.get('location')).toBe('/app/')
  })

  it.each(['/app/', '/app/review', '/app/policies/five-percent/1.2', '/sign-in', '/sign-in?error=SIGN_IN_REFUSED'])(
    'opens %s as its page, under a policy that allows no foreign and no inline script',
    async (route) => {
      const answer = await get(route, html)
      const policy = answer.headers.get('content-security-policy') ?? ''
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
      expect(nonce.length).toBeGreaterThanOrEqual(22)
      expect(await answer.text()).toContain(`<meta property="csp-nonce" nonce="${nonce}"><script nonce="${nonce}"`)
      expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self' 'nonce-/)
      expect(policy).toMatch(/base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/)
      expect(policy).not.toMatch(/(script|default)-src[^;]*(unsafe|data:|\*)/)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      })
      const again = (await get(route, html)).headers.get('content-security-policy')
      expect(again).not.toBe(policy)
    },
  )

  it('has styles inline only where the page does not ask for a nonce', async () => {
    const page = path.join(dist, 'index.html')
    const before = fs.readFileSync(page)
    fs.writeFileSync(page, '<title>plain</title>')
    expect((await get('/app/', html)).headers.get('content-security-policy')).toMatch(
      /script-src 'self'; style-src 'self' 'unsafe-inline'; /,
    )
    fs.writeFileSync(page, before)
  })

  it('lets browsers keep files whose name tells their content, and compresses them', async () => {
    const asset = await get('/app/assets/a-1f2e.js', { 'accept-encoding': 'gzip' })
    expect(await asset.text()).toBe('console.log(1)')
    expect(Object.fromEntries(asset.headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      'content-type': expect.stringMatching(/javascript/),
      'x-content-type-options': 'nosniff',
    })
    const headers = [`host: 127.0.0.1`, 'accept-encoding: gzip', `if-none-match: ${asset.headers.get('etag') ?? ''}`]
    const again = [`GET /app/assets/a-1f2e.js HTTP/1.1`, ...headers, 'connection: close', '', ''].join('\r\n')
    expect(await gateway.raw(again)).toMatch(/^HTTP\/1.1 304/)
    const icon = await get('/app/icon.svg')
    expect([icon.status, icon.headers.get('cache-control')]).toEqual([200, 'public, max-age=3600'])
    expect(icon.headers.get('content-security-policy')).toMatch(/default-src 'none'/)
  })

  it.each([
    '/app/assets/missing.js',
    '/app/missing.js',
    '/app/.env',
    '/app/assets/../../outside.txt',
    '/app/..%2foutside.txt',
    '/app/assets/..%2f..%2foutside.txt',
    '/app/assets/%2e%2e/%2e%2e/outside.txt',
    String.raw`/app/assets/..\..\outside.txt`,
    '/app/assets/%00.js',
  ])('has nothing at %s', async (route) => {
    const said = await gateway.raw(`GET ${route} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`)
    expect(said).toMatch(/^HTTP\/1.1 404/)
    expect(said).not.toMatch(/outside$|SECRET/)
  })
})
