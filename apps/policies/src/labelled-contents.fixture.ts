import { toFloat16Bytes } from '@reeltag/contracts'
import { Database, newId } from '@reeltag/platform'
import { pathOf } from '@reeltag/taxonomy'
import { createTestDatabase } from '@reeltag/testing'
import path from 'node:path'
import { PackFacets } from './policies/pack-facets.js'

const root = path.resolve(import.meta.dirname, '../../..')
export const folders = { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') }
export const pack = 'starter/2.0.0'

/** Pseudo-random, the same every time. */
const drawing = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

export interface Filling {
  readonly contents: number
  /** Of the first so many the truth is known. */
  readonly labelled: number
  readonly source?: string
  /** Every content has the first leaf. */
  readonly oneClass?: boolean
}

/** Contents that were tagged and labelled, on a real Postgres. */
export class LabelledContents {
  private constructor(
    readonly db: Database,
    readonly taxonomy: string,
    private readonly leaves: readonly string[],
    private readonly motions: number,
    private readonly paths: ReadonlyMap<string, string>,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<LabelledContents> {
    const database = await createTestDatabase()
    const db = new Database(database.url, { poolMax: 8 })
    const packs = new PackFacets(folders)
    const facets = await packs.of(pack)
    const subject = facets.find(({ facet }) => facet.id === 'subject')
    if (subject === undefined) throw new Error('the starter pack has no subject')
    const motions = facets.find(({ facet }) => facet.id === 'motion')?.leaves.length ?? 0
    const paths = new Map(subject.facet.all().map((node) => [node.id, pathOf(node)]))
    const taxonomy = await packs.taxonomyOf(pack)
    return new LabelledContents(db, taxonomy, subject.leaves, motions, paths, () => database.drop())
  }

  async close(): Promise<void> {
    await this.db.close()
    await this.drop()
  }

  /** A head that is right in most cases, and surer where it is. Of every content the scores are kept. */
  async fill(workspaceId: string, { contents, labelled, source = 'gold', oneClass = false }: Filling): Promise<void> {
    const random = drawing(contents)
    const hex = (): string =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0')
    for (let i = 0; i < contents; i++) {
      const drawn = Math.floor(random() * this.leaves.length)
      const truth = oneClass ? 0 : drawn
      const isSure = random() < 0.7
      const guessed = isSure || random() < 0.4 ? truth : Math.floor(random() * this.leaves.length)
      const logits = Float32Array.from(this.leaves, (_, leaf) => (leaf === guessed ? (isSure ? 9 : 2.5) : 0) + random())
      const motion = Float32Array.from({ length: this.motions }, () => random())
      const [id, predictionId] = [newId(), newId()]
      const hash = `${hex()}${hex()}`.padEnd(64, '0')
      await this.db.query(
        `INSERT INTO contents (id, workspace_id, state, pack, submission, modalities, input_hash, revision)
         VALUES ($1, $2, 'published', $3, '{}', '{video}', $4, 1)`,
        [id, workspaceId, pack, hash],
      )
      await this.db.query(
        `INSERT INTO predictions (id, content_id, workspace_id, revision, decision, modalities, tags, versions, input_hash, attempt)
         VALUES ($1, $2, $3, 1, 'published', '{video}', '[]', jsonb_build_object('pack', $4::text), 'x', 1)`,
        [predictionId, id, workspaceId, pack],
      )
      await this.db.query(
        `INSERT INTO prediction_scores (prediction_id, content_id, workspace_id, revision, pack, head, mask, facets, logits)
         VALUES ($1, $2, $3, 1, $4, 'starter-fusion/2.0.0', 'video', '{subject,motion}', $5)`,
        [predictionId, id, workspaceId, pack, [toFloat16Bytes(logits), toFloat16Bytes(motion)]],
      )
      if (i < labelled)
        await this.db.query(
          `INSERT INTO labels (id, workspace_id, content_id, facet, path, taxonomy, source, who, at)
           VALUES ($1, $2, $3, 'subject', $4, $5, $6, 'li', now())`,
          [newId(), workspaceId, id, this.paths.get(this.leaves[truth] ?? ''), this.taxonomy, source],
        )
    }
  }
}
