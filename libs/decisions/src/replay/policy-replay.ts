import type { Mask, PolicyReplay } from '@reeltag/contracts'
import { joinDecisions, type FacetToDecide } from '../decide-content.js'
import { FacetReplay, isDeciding } from './facet-replay.js'
import { Flips } from './flips.js'

/** The scores of one content, and what is known of it. */
export interface ReplayedContent {
  readonly contentId: string
  readonly mask: Mask
  /** By facet, over the leaves in the pack's order. */
  readonly logits: Readonly<Record<string, ArrayLike<number>>>
  /** Paths that are true, by facet; absent where nobody looked. */
  readonly truth?: Readonly<Record<string, readonly string[]>>
}

export interface ReplayOptions {
  /** What a reviewer takes for one content. */
  readonly minutesPerReview: number
}

interface Branch {
  readonly facet: string
  readonly node: string
  contents: number
  before: number
  after: number
}

const none = (): PolicyReplay['decisions']['before'] => ({ published: 0, 'published-ancestor': 0, review: 0 })

/** Decides contents by two policies, content by content, and counts what the second one would change. */
export class Replaying {
  private contents = 0
  private readonly decisions = { before: none(), after: none() }
  private readonly judged = { contents: 0, published: 0, wrong: 0 }
  private readonly flips = new Flips()
  private readonly branches = new Map<string, Branch>()
  private readonly facets: readonly FacetReplay[]

  /**
   * @param before what is in force: the pack's own facets, or those of the active policy
   * @param after the policy that is tried, over the same facets
   */
  constructor(
    before: readonly FacetToDecide[],
    after: readonly FacetToDecide[],
    private readonly options: ReplayOptions,
  ) {
    // Facets that only advise change neither a decision nor what a reviewer has to do.
    this.facets = after.flatMap((own) => {
      const was = before.find(({ facet }) => facet.id === own.facet.id)
      return isDeciding(own) || isDeciding(was) ? [new FacetReplay(was, own)] : []
    })
  }

  /** The facets whose logits it needs. */
  get needs(): readonly string[] {
    return this.facets.map(({ id }) => id)
  }

  /** @throws MODEL_MISMATCH, INFERENCE_FAILED where the scores are not those of the pack */
  add({ contentId, logits, mask, truth }: ReplayedContent): void {
    const decided = this.facets.map((facet) => facet.decide(logits[facet.id], mask))
    this.contents++
    this.decisions.before[joinDecisions(decided.flatMap(({ before }) => before?.decision ?? []))]++
    this.decisions.after[joinDecisions(decided.flatMap(({ after }) => after?.decision ?? []))]++
    for (const { id, before, after, root } of decided) {
      if (after === undefined) continue
      const was = before?.paths ?? []
      this.flips.add(id, { contentId, before: was.join(' + '), after: after.paths.join(' + ') })
      this.count(id, root, was.length > 0, after.paths.length > 0)
      this.judge(after.paths, truth?.[id])
    }
  }

  /** @param undecidable results of the pack whose scores are not there */
  summary(undecidable: number): PolicyReplay {
    const { contents, decisions, options } = this
    const coverage = ({ review }: PolicyReplay['decisions']['before']): number =>
      contents === 0 ? 0 : (contents - review) / contents
    const minutes = ({ published }: PolicyReplay['decisions']['before']): number =>
      (contents - published) * options.minutesPerReview
    return {
      contents,
      undecidable,
      decisions,
      coverage: { before: coverage(decisions.before), after: coverage(decisions.after) },
      reviewMinutes: { before: minutes(decisions.before), after: minutes(decisions.after) },
      judged: this.judged,
      flips: this.flips.commonest(),
      classes: [...this.branches.values()]
        .map(({ before, after, ...rest }) => ({
          ...rest,
          before: before / rest.contents,
          after: after / rest.contents,
        }))
        .sort((a, b) => b.contents - a.contents),
    }
  }

  private count(facet: string, node: string, wasPublished: boolean, isPublished: boolean): void {
    const key = `${facet} ${node}`
    const branch = this.branches.get(key) ?? { facet, node, contents: 0, before: 0, after: 0 }
    this.branches.set(key, branch)
    branch.contents++
    branch.before += Number(wasPublished)
    branch.after += Number(isPublished)
  }

  private judge(published: readonly string[], truth: readonly string[] | undefined): void {
    if (truth === undefined) return
    this.judged.contents++
    if (published.length === 0) return
    this.judged.published++
    const isRight = (path: string): boolean => truth.some((true_) => true_ === path || true_.startsWith(`${path}/`))
    this.judged.wrong += Number(!published.every(isRight))
  }
}
