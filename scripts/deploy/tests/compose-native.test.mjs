import { whyNot } from '@reeltag/testing'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../../bootstrap.mjs'
import { filledIn } from '../compose-file.mjs'
import { NativeCompose } from '../native-compose.mjs'

const missing = ['redis', 'kafka'].flatMap((server) => whyNot(server) ?? []).join('; ')
if (missing !== '' && process.env.REELTAG_REQUIRE_ALL === '1') throw new Error(missing)
const minutes = 60_000

const authorization = `Bearer ${filledIn.REELTAG_BOOTSTRAP_KEY}`

const until = async (what, probe) => {
  for (const deadline = performance.now() + minutes; performance.now() < deadline; await sleep(200)) {
    const found = await probe()
    if (found !== undefined) return found
  }
  throw new Error(`waited in vain until ${what}`)
}

describe('docker compose up, without Docker', { skip: missing === '' ? false : missing }, () => {
  const compose = new NativeCompose()
  before(() => compose.up(), { timeout: 15 * minutes })
  after(() => compose.down(), { timeout: 3 * minutes })

  it('tags a clip that is sent to the gateway, through services of their own on real servers', async () => {
    const [sample] = JSON.parse(fs.readFileSync(path.join(root, 'samples/samples.json'), 'utf8'))
    const form = new FormData()
    form.append('content', JSON.stringify({ title: sample.title }))
    form.append('file', new Blob([fs.readFileSync(path.join(root, 'samples', sample.file))]), 'clip.mp4')
    const accepted = await fetch(`${compose.url}/v1/contents`, {
      method: 'POST',
      body: form,
      headers: { authorization },
    })
    assert.equal(accepted.status, 202, await accepted.clone().text())
    const { id } = await accepted.json()
    const content = await until('the content is final', async () => {
      const response = await fetch(`${compose.url}/v1/contents/${id}`, { headers: { authorization } })
      const body = await response.json()
      return body.state === 'processing' ? undefined : body
    })
    assert.ok(
      content.result?.tags.some(({ path: found }) => found === sample.path),
      JSON.stringify(content),
    )
    assert.ok(content.stages.every(({ state }) => state === 'done'))
  })

  it('migrates once, and again for nothing', async () => {
    assert.match(compose.logOf('migrate'), /applied \d/)
    assert.match(await compose.runAgain('migrate'), /nothing to apply/)
  })

  it('writes nothing into the image, whose root is read-only', () => {
    assert.ok(compose.imageIsUntouched)
  })

  it('stops every service within its grace period, with nothing to complain about', async () => {
    const names = compose.services.map(([name]) => name).filter((name) => name !== 'migrate')
    const ends = await Promise.all(names.map(async (name) => [name, await compose.stop(name)]))
    for (const [name, { code, seconds, grace }] of ends) {
      assert.equal(code, 0, `${name}: ${compose.logOf(name).slice(-2_000)}`)
      assert.ok(seconds < grace, `${name} took ${seconds} s of ${grace} s`)
    }
  })
})
