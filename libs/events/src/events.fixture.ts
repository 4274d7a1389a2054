import { contentSubmittedV1 } from '@reeltag/contracts'
import { createLogger, Database, newId } from '@reeltag/platform'
import { addWorkspace, createTestDatabase } from '@reeltag/testing'
import { Outbox } from './outbox/outbox.js'

export const silent = createLogger({ level: 'silent' })

/** A database with one workspace, and an outbox to write events to. */
export class EventsFixture {
  readonly outbox = new Outbox()

  private constructor(
    readonly url: string,
    readonly db: Database,
    readonly workspaceId: string,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<EventsFixture> {
    const { url, drop } = await createTestDatabase()
    const db = new Database(url, { poolMax: 8 })
    const workspaceId = await addWorkspace(db)
    return new EventsFixture(url, db, workspaceId, drop)
  }

  /** Writes `content.submitted.v1` of a content, in a transaction of its own. @returns the content's id */
  async submit(traceparent: string | null = null, contentId = newId(), revision = 0): Promise<string> {
    const data = { contentId, externalId: null, hasVideo: true, hasText: true }
    const subject = { source: '/test', workspaceId: this.workspaceId, contentId, revision, traceparent }
    await this.db.transaction((tx) => this.outbox.publish(tx, [{ name: contentSubmittedV1.name, data, ...subject }]), {
      durable: false,
    })
    return contentId
  }

  async close(): Promise<void> {
    await this.db.close()
    await this.drop()
  }
}
