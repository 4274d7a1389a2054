import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PlatformClient } from '../platform-client.js'
import { root } from '../running-platform.js'

const clip = fs.readFileSync(path.join(root, 'apps/ingest/fixtures/one-keyframe.mp4'))
const submitters = 8
const pauseMs = 100

/** The clip with a box behind it that players skip: the same picture, other bytes, so that nothing is found in a ledger. */
const uniqueClip = (): Uint8Array<ArrayBuffer> => {
  const salt = randomBytes(16)
  const box = Buffer.alloc(8 + salt.length)
  box.writeUInt32BE(box.length, 0)
  box.write('free', 4, 'latin1')
  salt.copy(box, 8)
  return new Uint8Array(Buffer.concat([clip, box]))
}

/** Contents that are submitted while something goes wrong. */
export class Load {
  /** Content id by external id; only what the platform answered 202 (or 200, for a repetition) to. */
  readonly accepted = new Map<string, string>()
  private next = 0

  constructor(
    private readonly platform: PlatformClient,
    private readonly name: string,
    private readonly count: number,
    /** Between two submissions; 0: as fast as they are taken. */
    private readonly paceMs = 0,
  ) {}

  /**
   * Submits them all and insists: whatever is not answered is sent again under the same external id, as a customer's
   * program does after a time-out. Returns when all are accepted.
   */
  async submitAll(secondsMax: number): Promise<void> {
    const deadline = performance.now() + secondsMax * 1_000
    await Promise.all(Array.from({ length: submitters }, () => this.submitSome(deadline)))
  }

  private async submitSome(deadline: number): Promise<void> {
    while (this.next < this.count) {
      const index = this.next++
      const externalId = `${this.name}-${index}`
      // Each shape of the pipeline is hit somewhere: both modalities, text alone, video alone.
      const title = index % 3 === 1 ? undefined : `今天去看大熊猫 ${externalId}`
      const file = index % 3 === 0 ? undefined : uniqueClip()
      const content = title === undefined ? { externalId } : { title, externalId }
      while (!(await this.submit(externalId, content, file))) {
        if (performance.now() > deadline) throw new Error(`${externalId} was not accepted in time`)
        await sleep(pauseMs)
      }
      await sleep(this.paceMs * submitters)
    }
  }

  private async submit(
    externalId: string,
    content: Record<string, unknown>,
    file: Uint8Array<ArrayBuffer> | undefined,
  ): Promise<boolean> {
    try {
      const response = await this.platform.submit(content, file)
      if (response.status >= 400) return false
      const { id } = (await response.json()) as { id: string }
      this.accepted.set(externalId, id)
      return true
    } catch {
      // Nobody answers, or the answer was cut off.
      return false
    }
  }
}
