// Scripted reviewers over REST, and the platform that they work on: it may be killed at any moment, as a reviewer's network
// may be lost. A reviewer sends a verdict until it is answered, always under the same id.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@reeltag/platform'

const retryMs = 50
/** @type {import('@reeltag/contracts').VerdictAction[]} */
const actions = ['accept', 'accept', 'accept', 'correct', 'reject']

/** The gateway and the review service in a process that can be killed and comes back under another address. */
export class KillablePlatform {
  /** @param {string} databaseUrl */
  constructor(databaseUrl) {
    this.home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-bench-'))
    this.databaseUrl = databaseUrl
    this.url = ''
  }

  async start() {
    this.child = fork(path.join(import.meta.dirname, 'instant-platform.mjs'), {
      env: {
        ...process.env,
        REELTAG_SERVICES: 'gateway,review',
        REELTAG_HOME: this.home,
        DATABASE_URL: this.databaseUrl,
        BLOB_URL: `file:${this.home}/blobs`,
        REVIEW_GRACE_SECONDS: '0',
        PORT: '0',
        LOG_LEVEL: 'error',
      },
    })
    const child = this.child
    this.url = await new Promise((resolve, reject) => {
      child.once('message', (/** @type {{ url: string }} */ { url }) => resolve(url))
      child.once('exit', (code) => reject(new Error(`the platform ended with ${code} before it was ready`)))
    })
  }

  /** Without a chance to finish anything. */
  async kill() {
    this.child?.kill('SIGKILL')
    await once(/** @type {import('node:child_process').ChildProcess} */ (this.child), 'exit')
    await this.start()
  }

  async stop() {
    this.child?.disconnect()
    await once(/** @type {import('node:child_process').ChildProcess} */ (this.child), 'exit')
    fs.rmSync(this.home, { recursive: true, force: true })
  }
}

/** Reviewers who clear what is open. */
export class Fleet {
  /** Verdict ids that were answered. @type {string[]} */
  answered = []
  /** Milliseconds of each claim and verdict that was answered at the first try. */
  times = { claim: /** @type {number[]} */ ([]), verdict: /** @type {number[]} */ ([]) }
  lost = 0

  /** @param {KillablePlatform} platform @param {number} items how many are open */
  constructor(platform, items) {
    this.platform = platform
    this.items = items
  }

  /** @param {readonly string[]} keys one for each reviewer @returns in how many seconds everything was decided */
  async work(keys) {
    const started = performance.now()
    await Promise.all(keys.map((key) => this.review(key)))
    return (performance.now() - started) / 1_000
  }

  /** @param {string} key */
  async review(key) {
    while (this.answered.length < this.items) {
      const { body } = await this.send(key, 'claims', { count: 3 }, 'claim')
      const { claims } = /** @type {import('@reeltag/contracts').ClaimedItems} */ (body)
      if (claims.length === 0) await sleep(retryMs)
      for (const { item, token } of claims) await this.decide(key, item.id, token)
    }
  }

  /** @param {string} key @param {string} itemId @param {number} token */
  async decide(key, itemId, token) {
    const action = actions[this.answered.length % actions.length] ?? 'accept'
    const tags = action === 'correct' ? { tags: [{ facet: 'subject', path: 'food' }] } : {}
    const verdict = { id: newId(), itemId, token, action, ...tags }
    const { status } = await this.send(key, 'verdicts', verdict, 'verdict')
    if (status === 409) this.lost++
    else this.answered.push(verdict.id)
  }

  /**
   * Until it is answered.
   * @param {string} key @param {string} route @param {object} body @param {'claim' | 'verdict'} kind
   */
  async send(key, route, body, kind) {
    for (let tries = 1; ; tries++) {
      const started = performance.now()
      try {
        const response = await fetch(`${this.platform.url}/v1/review/${route}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
        const answer = { status: response.status, body: await response.json() }
        if (tries === 1) this.times[kind].push(performance.now() - started)
        if (response.ok || response.status === 409) return answer
        if (response.status < 500) throw new Refused(`${route}: ${JSON.stringify(answer)}`)
      } catch (error) {
        if (error instanceof Refused) throw error
      }
      await sleep(retryMs)
    }
  }
}

class Refused extends Error {}
