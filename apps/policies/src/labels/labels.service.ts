import { Injectable } from '@nestjs/common'
import { propensityMin, type LabelResult, type NewLabel } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'
import { AuditAnswers } from '../audits/audit-answers.js'
import { LabelTrees, type Refusal } from '@reeltag/packs'
import { LabelsRepository, type CheckedLabel, type Resolved } from './labels.repository.js'

/** A clock that is a little ahead is no mistake; a year that is wrong would supersede every later word. */
const aheadMsMax = 24 * 3_600_000

/** Who says something, and when. */
export interface SaidBy {
  readonly who: string
  /** ISO 8601. */
  readonly at: string
}

interface Checked {
  readonly label: CheckedLabel
  /** The facet takes one label of a content. */
  readonly single: boolean
}

/** What is known to be true of contents. */
@Injectable()
export class LabelsService {
  constructor(
    private readonly labels: LabelsRepository,
    private readonly trees: LabelTrees,
    private readonly answers: AuditAnswers,
  ) {}

  /**
   * Stores what fits, in one transaction. Storing the same labels again changes nothing.
   * @param unless who said it and when, where a label does not say
   * @returns one result for each label, in their order
   */
  async store(workspaceId: string, labels: readonly NewLabel[], unless: SaidBy): Promise<LabelResult[]> {
    const pack = await this.labels.packOf(workspaceId)
    const inForce = await this.trees.of(pack)
    const resolved = await this.labels.resolve(workspaceId, {
      ids: labels.flatMap(({ contentId }) => contentId ?? []),
      externalIds: labels.flatMap(({ externalId }) => externalId ?? []),
      hashes: labels.flatMap(({ videoSha256 }) => videoSha256 ?? []),
    })
    const checked = await Promise.all(
      labels.map((label) => {
        const said = { ...label, who: label.who ?? unless.who, at: label.at ?? unless.at }
        return this.check(said, resolved, label.taxonomy ?? inForce)
      }),
    )
    const fitting = checked.flatMap((one) => ('label' in one ? one.label : []))
    if (fitting.length === 0) return checked.map((one) => ('label' in one ? known : refused(one)))
    return this.labels.alone(workspaceId, async (tx) => {
      const statements = new Statements(await this.labels.stated(tx, fitting))
      const results = checked.map((one) => ('label' in one ? statements.add(one) : refused(one)))
      if (statements.added.length > 0) {
        await this.labels.insert(tx, workspaceId, statements.added)
        await this.answers.hear(tx, workspaceId, statements.added)
      }
      return results
    })
  }

  /**
   * Stores what was checked, in a transaction of the caller. Saying the same again changes nothing.
   * @param labels of contents of the workspace, with paths of their trees
   */
  async say(tx: Transaction, workspaceId: string, labels: readonly CheckedLabel[]): Promise<void> {
    if (labels.length === 0) return
    await this.labels.lock(tx, workspaceId)
    await this.labels.insert(tx, workspaceId, labels)
    await this.answers.hear(tx, workspaceId, labels)
  }

  /** In a transaction of the caller: what somebody said of a content at one moment does not count any more. */
  async withdraw(
    tx: Transaction,
    workspaceId: string,
    said: Pick<CheckedLabel, 'contentId' | 'source' | 'who' | 'at'>,
  ): Promise<void> {
    await this.labels.lock(tx, workspaceId)
    await this.labels.withdraw(tx, said)
  }

  private async check(label: NewLabel & SaidBy, resolved: Resolved, taxonomy: string): Promise<Checked | Refusal> {
    const contents = contentsOf(label, resolved)
    const [contentId] = contents
    if (contentId === undefined) return { reason: 'content-unknown', detail: 'the workspace has no such content' }
    // One label on several contents would count several times, as if each had been looked at.
    if (contents.length > 1)
      return { reason: 'content-ambiguous', detail: `${contents.length} contents have this video; name one by its id` }
    const at = new Date(label.at)
    if (at.getTime() > Date.now() + aheadMsMax) return { reason: 'malformed', detail: 'at: lies in the future' }
    if (at.getTime() < 0) return { reason: 'malformed', detail: 'at: lies before 1970' }
    if (label.propensity !== null && label.propensity < propensityMin) return tooSmall(label.propensity)
    const fit = await this.trees.fit(label, taxonomy)
    if ('reason' in fit) return fit
    const { facet, path, source, who, propensity } = label
    const stored = { contentId, facet, path: path ?? '', taxonomy, source, who, at, propensity }
    return { label: stored, single: fit.kind === 'single' }
  }
}

const tooSmall = (propensity: number): Refusal => ({
  reason: 'propensity-too-small',
  detail: `propensity: ${propensity} is below ${propensityMin}, and all other labels would be thinned to it; leave it out`,
})

const contentsOf = ({ contentId, externalId, videoSha256 }: NewLabel, resolved: Resolved): readonly string[] =>
  (contentId !== undefined && resolved.ids.get(contentId.toLowerCase())) ||
  (externalId !== undefined && resolved.externalIds.get(externalId)) ||
  (videoSha256 !== undefined && resolved.hashes.get(videoSha256)) ||
  []

const refused = ({ reason, detail }: Refusal): LabelResult => ({ outcome: 'refused', reason, detail })
const known: LabelResult = { outcome: 'known', reason: null, detail: null }
const stored: LabelResult = { outcome: 'stored', reason: null, detail: null }

/** What one person says at one moment on a facet of a content: one node, or several of a facet that takes several. */
class Statements {
  readonly added: CheckedLabel[] = []
  private readonly paths = new Map<string, Set<string>>()

  constructor(before: readonly CheckedLabel[]) {
    for (const label of before) this.pathsOf(label).add(label.path)
  }

  add({ label, single }: Checked): LabelResult {
    const paths = this.pathsOf(label)
    if (paths.has(label.path)) return known
    const contradicts = paths.size > 0 && (single || paths.has('') || label.path === '')
    if (contradicts) {
      const said = [...paths].map((path) => path || 'none of the nodes').join(', ')
      return refused({ reason: 'contradiction', detail: `${label.who} says at the same moment: ${said}` })
    }
    paths.add(label.path)
    this.added.push(label)
    return stored
  }

  private pathsOf({ contentId, facet, source, at, who }: CheckedLabel): Set<string> {
    const key = JSON.stringify([contentId, facet, source, at.getTime(), who])
    const paths = this.paths.get(key) ?? new Set()
    this.paths.set(key, paths)
    return paths
  }
}
