import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { GatewayFixture } from './gateway.fixture.js'

const key = 'a-key-that-the-operator-chose'
const prefix = createHash('sha256').update(key).digest('hex').slice(0, 8)

describe('the bootstrap key', () => {
  let gateway: GatewayFixture
  beforeAll(async () => {
    gateway = await GatewayFixture.open({ REELTAG_BOOTSTRAP_KEY: key })
  })
  afterAll(() => gateway.close())

  const status = async (): Promise<number> => (await gateway.fetch('/v1/contents', { key })).status

  it('is there from the first start, once, also after the next', async () => {
    expect(await status()).toBe(200)
    await gateway.restart()
    expect(await status()).toBe(200)
    expect(await gateway.db.query(`SELECT 1 FROM api_keys WHERE name = 'bootstrap'`)).toHaveLength(1)
  })

  it('stays revoked, although every start names it again', async () => {
    await gateway.revoke(prefix)
    await gateway.restart()
    const refused = await gateway.fetch('/v1/contents', { key })
    expect(await gateway.problem(refused)).toEqual([401, 'KEY_INVALID'])
    // Another operator's key is not touched by it.
    expect((await gateway.fetch('/v1/contents')).status).toBe(200)
  })

  it('leaves the pack of its workspace as it was set since', async () => {
    await gateway.db.query(`UPDATE workspaces SET pack = 'starter/9.0.0' WHERE name = 'default'`)
    await gateway.restart()
    expect(await gateway.db.query(`SELECT pack FROM workspaces WHERE name = 'default'`)).toEqual([
      { pack: 'starter/9.0.0' },
    ])
  })
})
