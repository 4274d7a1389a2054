import type { Mask, PolicyReplay, Tag } from '@reeltag/contracts'
import { decideContent, type Decided, type FacetToDecide } from '../decide-content.js'
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

const none = (): PolicyReplay['decisions']['before'] => ({ published: 0, 'published-ancestor': 0, review: 0 })

/** Decides contents by two policies, content by content, and counts what the second one would change. */
export class Replaying {
  private contents = 0
  private readonly decisions = { before: none(), after: none() }
  private readonly judged = { contents: 0, published: 0, wrong: 0 }
  private readonly flips = new Flips()
  private readonly branches = new Map<
    string,
    { facet: string; node: string; contents: number; before: number; after: number }
  >()

  /**
   * @param before what is in force: the pack's own facets, or those of the active policy
   * @param after the policy that is tried
   */
  constructor(
    private readonly before: readonly FacetToDecide[],
    private readonly after: readonly FacetToDecide[],
    private readonly options: ReplayOptions,
  ) {}

  /** @throws MODEL_MISMATCH, INFERENCE_FAILED where the scores are not those of the pack */
  add(content: ReplayedContent): void {
    const before = decideContent(this.before, content.logits, content.mask)
    const after = decideContent(this.after, content.logits, content.mask)
    this.contents++
    this.decisions.before[before.decision]++
    this.decisions.after[after.decision]++
    for (const { facet, role } of this.after) {
      if (role !== 'deciding') continue
      const [was, is] = [publishedPaths(before, facet.id), publishedPaths(after, facet.id)]
      this.flips.add(facet.id, { contentId: content.contentId, before: was.join(' + '), after: is.join(' + ') })
      this.count(facet.id, rootOf(after, facet.id), was.length > 0, is.length > 0)
      this.judge(is, content.truth?.[facet.id])
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

const ofFacet = ({ tags }: Decided, facet: string): readonly Tag[] => tags.filter((tag) => tag.facet === facet)

const publishedPaths = (decided: Decided, facet: string): string[] =>
  ofFacet(decided, facet).flatMap(({ status, path }) => (status === 'published' ? [path] : []))

/** The branch of the likeliest tag. */
const rootOf = (decided: Decided, facet: string): string => ofFacet(decided, facet)[0]?.path.split('/')[0] ?? ''
