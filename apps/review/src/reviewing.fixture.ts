import { NewVerdict, type Tag } from '@reeltag/contracts'
import { Outbox } from '@reeltag/events'
import { Database, newId } from '@reeltag/platform'
import { addWorkspace, createTestDatabase } from '@reeltag/testing'
import { ClaimsRepository, type HeldClaim, type Reviewer } from './claims/claims.repository.js'
import { ItemsRepository } from './items/items.repository.js'
import { QueuesRepository } from './queues/queues.repository.js'
import { TasksRepository } from './tasks/tasks.repository.js'
import type { Tree, Trees } from './tasks/trees.js'
import { VerdictPublisher } from './verdicts/open-publisher.js'
import type { Truth } from './verdicts/truth.js'
import { VerdictUndoing } from './verdicts/undo-verdict.js'
import { VerdictsService } from './verdicts/verdicts.service.js'

const names = (path: string) => path.split('/').map((id) => ({ zh: id, en: id }))
const paths = (...all: string[]) => new Map(all.map((path) => [path, names(path)]))
const tree: Tree = new Map([
  ['subject', { kind: 'single', paths: paths('animals', 'animals/cat', 'animals/dog', 'food') }],
  ['style', { kind: 'multi', paths: paths('calm', 'loud') }],
])

export const versions = {
  ...{ pack: 'p/1', vision: 'v/1', text: 't/1', fusion: 'f/1', taxonomy: 'tiny/2', sampling: 'even-4' },
}

export const tagOf = (facet: string, path: string, confidence = 0.5, status: Tag['status'] = 'candidate'): Tag => ({
  ...{ facet, path, confidence, status },
  names: names(path),
})

interface NewItemOfTest {
  readonly tags?: Tag[]
  readonly priority?: number
  readonly rank?: number
  readonly language?: 'zh' | 'en'
  readonly workspaceId?: string
}

/** What the fixture's truth heard, in words: `+ li subject=animals/cat`. */
export type Heard = string[]

/** Reviewers on a real Postgres. Only the label module, of another room, is a stand-in: it says what it heard. */
export class ReviewingFixture {
  readonly heard: Heard = []
  readonly trees: Trees = { read: (ref) => Promise.resolve(ref === 'tiny/2' ? tree : undefined) }
  readonly truth: Truth = {
    say: (_, __, { who, facets }) => {
      for (const { facet, paths: said } of facets) this.heard.push(`+ ${who} ${facet}=${said.join(',')}`)
      return Promise.resolve()
    },
    withdraw: (_, __, { who }) => Promise.resolve(void this.heard.push(`- ${who}`)),
  }
  readonly items: ItemsRepository
  readonly queues: QueuesRepository
  readonly tasks: TasksRepository
  readonly publisher: VerdictPublisher

  private constructor(
    readonly db: Database,
    readonly workspaceId: string,
    private readonly drop: () => Promise<void>,
  ) {
    this.items = new ItemsRepository(db)
    this.queues = new QueuesRepository(db)
    this.tasks = new TasksRepository(db, this.trees)
    const parts = { outbox: new Outbox(), trees: this.trees, truth: this.truth }
    this.publisher = new VerdictPublisher(db, parts, {
      error: (about: unknown) => {
        throw new Error('a verdict was not published', { cause: about })
      },
    })
  }

  static async open(): Promise<ReviewingFixture> {
    const { url, drop } = await createTestDatabase()
    const db = new Database(url, { poolMax: 8 })
    return new ReviewingFixture(db, await addWorkspace(db, {}), drop)
  }

  reviewer(actor: string, workspaceId = this.workspaceId): Reviewer {
    return { workspaceId, actor }
  }

  claims(leaseSeconds = 60): ClaimsRepository {
    return new ClaimsRepository(this.db, leaseSeconds)
  }

  /** @returns what somebody holds after asking for so many of all queues */
  async claim(actor: string, count = 1, queue = 'all', leaseSeconds = 60): Promise<HeldClaim[]> {
    const queues = await this.queues.toHandOut(this.workspaceId, queue)
    return this.claims(leaseSeconds).claim(this.reviewer(actor), queues, count)
  }

  /** One that must be there. */
  async claimOne(actor: string, leaseSeconds = 60): Promise<HeldClaim> {
    const [claim] = await this.claim(actor, 1, 'all', leaseSeconds)
    if (claim === undefined) throw new Error('nothing is left to claim')
    return claim
  }

  verdicts(graceSeconds = 0): VerdictsService {
    return new VerdictsService(this.db, this.trees, graceSeconds)
  }

  undoing(): VerdictUndoing {
    return new VerdictUndoing(this.db, new Outbox(), this.truth, this.claims(60))
  }

  verdict(claim: Pick<HeldClaim, 'itemId' | 'token'>, given: object = {}): NewVerdict {
    return NewVerdict.parse({ id: newId(), itemId: claim.itemId, token: claim.token, action: 'accept', ...given })
  }

  /** A content whose result is in review. @returns its id and that of its item */
  async add({
    tags,
    priority = 0,
    rank,
    language = 'zh',
    workspaceId = this.workspaceId,
  }: NewItemOfTest = {}): Promise<{
    readonly contentId: string
    readonly itemId: string
  }> {
    const [contentId, predictionId] = [newId(), newId()]
    await this.db.query(
      `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision, priority)
       VALUES ($1, $2, 'in_review', 'p/1', $3::jsonb, '{text}', 'h', 1, $4)`,
      [contentId, workspaceId, JSON.stringify({ title: '猫', language }), priority],
    )
    await this.addResult(contentId, predictionId, 1, tags)
    const itemId = await this.file(contentId, predictionId, 1, tags)
    if (rank !== undefined) await this.db.query(`UPDATE review_items SET rank = $2 WHERE id = $1`, [itemId, rank])
    return { contentId, itemId }
  }

  /** As after a retag: a newer result, whose event has not arrived yet. */
  async retag(contentId: string): Promise<void> {
    const [row] = await this.db.query<{ revision: number }>(
      `UPDATE contents SET revision = revision + 1 WHERE id = $1 RETURNING revision`,
      [contentId],
    )
    await this.addResult(contentId, newId(), row?.revision ?? 0)
  }

  /** Everything that is due. */
  publish(): Promise<void> {
    return this.publisher.work()
  }

  async item(itemId: string): Promise<{ state: string; queue: string; holder: string | null; revision: number }> {
    const [row] = await this.db.query<{ state: string; queue: string; holder: string | null; revision: number }>(
      `SELECT state, queue, holder, revision FROM review_items WHERE id = $1`,
      [itemId],
    )
    if (row === undefined) throw new Error(`there is no item ${itemId}`)
    return row
  }

  /** The visible result: who gave it, what it publishes, and where the content stands. */
  async result(contentId: string) {
    const [row] = await this.db.query<{ revision: number; state: string; origin: { by: string } | null; tags: Tag[] }>(
      `SELECT c.revision, c.state, p.origin, p.tags FROM contents c
         JOIN predictions p ON p.content_id = c.id AND p.revision = c.revision WHERE c.id = $1`,
      [contentId],
    )
    const published = row?.tags.filter(({ status }) => status === 'published').map(({ path }) => path)
    return { revision: row?.revision, state: row?.state, by: row?.origin?.by ?? 'model', published }
  }

  /** What was told of a content, oldest first. */
  events(contentId: string) {
    return this.db.query<{ name: string; revision: number; data: Record<string, unknown> }>(
      `SELECT name, revision, data FROM outbox WHERE content_id = $1 ORDER BY id`,
      [contentId],
    )
  }

  async clear(): Promise<void> {
    this.heard.length = 0
    for (const table of ['review_queues', 'review_filings', 'outbox', 'contents'])
      await this.db.query(`DELETE FROM ${table}`)
  }

  async close(): Promise<void> {
    await this.db.close()
    await this.drop()
  }

  private async addResult(contentId: string, id: string, revision: number, tags = usual): Promise<void> {
    await this.db.query(
      `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash)
       SELECT $2, id, workspace_id, $3, $4, '{text}', $5::jsonb, $6::jsonb, 'h' FROM contents WHERE id = $1`,
      [contentId, id, revision, decisionOf(tags), JSON.stringify(tags), JSON.stringify(versions)],
    )
    await this.db.query(
      `INSERT INTO prediction_scores (prediction_id, content_id, workspace_id, revision, pack, head, mask, facets, logits)
       SELECT $2, id, workspace_id, $3, 'p/1', 'f/1', 'text', '{subject}', '{"\\\\x3c00"}'::bytea[] FROM contents WHERE id = $1`,
      [contentId, id, revision],
    )
  }

  private async file(contentId: string, predictionId: string, revision: number, tags = usual): Promise<string> {
    const [content] = await this.db.query<{ workspace_id: string }>(`SELECT workspace_id FROM contents WHERE id = $1`, [
      contentId,
    ])
    const item = { contentId, predictionId, revision, tags, reason: 'uncertain' as const }
    await this.db.transaction((tx) => this.items.open(tx, { ...item, workspaceId: content?.workspace_id ?? '' }), {
      durable: false,
    })
    const [row] = await this.db.query<{ id: string }>(`SELECT id FROM review_items WHERE prediction_id = $1`, [
      predictionId,
    ])
    return row?.id ?? ''
  }
}

/** Of which the likeliest is a cat. */
const usual = [tagOf('subject', 'animals/cat', 0.6), tagOf('subject', 'animals/dog', 0.3), tagOf('style', 'calm', 0.2)]

const decisionOf = (tags: readonly Tag[]): string =>
  tags.some(({ status }) => status === 'published') ? 'published-ancestor' : 'review'
