import { ReeltagError, type Decision, type Mask } from '@reeltag/contracts'
import { pathOf, lineage, type TaxonomyNode } from '@reeltag/taxonomy'
import type { CompiledTree } from '../compiled-tree.js'
import { compiled, unfitted, type FacetToDecide } from '../decide-content.js'
import { choose } from '../policies/decide.js'
import { largest } from '../policies/largest.js'
import type { Scores } from '../policies/strategy.js'
import { facetScores, scoresAlike } from '../score/facet-scores.js'

/** What one policy makes of one facet of a content. */
export interface FacetOutcome {
  readonly decision: Decision
  /** Paths of the nodes that are published. */
  readonly paths: readonly string[]
}

/** Each is absent where that policy does not decide on the facet. */
export interface FacetOutcomes {
  readonly id: string
  readonly before: FacetOutcome | undefined
  readonly after: FacetOutcome | undefined
  /** Id of the root over what is published by the new policy, or over the likeliest leaf. */
  readonly root: string
}

interface OutcomeOfNodes extends FacetOutcome {
  readonly numbers: readonly number[]
}

export const isDeciding = (policy: FacetToDecide | undefined): boolean => policy?.role === 'deciding'

const nothing: readonly string[] = []

/**
 * One facet under two policies. It makes no tags and looks for no candidates, and where both policies turn logits into the
 * same probabilities, it does so once: a million contents are tried in a minute.
 */
export class FacetReplay {
  private readonly tree: CompiledTree<TaxonomyNode>
  /** By node number. */
  private readonly paths: readonly string[]
  private readonly roots: readonly string[]
  private readonly alike = new Map<Mask, boolean>()

  constructor(
    private readonly before: FacetToDecide | undefined,
    private readonly after: FacetToDecide,
  ) {
    this.tree = compiled(after)
    this.paths = this.tree.nodes.map(pathOf)
    this.roots = this.tree.nodes.map((node) => lineage(node)[0]?.id ?? '')
  }

  get id(): string {
    return this.after.facet.id
  }

  /** @throws MODEL_MISMATCH, INFERENCE_FAILED where the scores are not those of the pack */
  decide(logits: ArrayLike<number> | undefined, mask: Mask): FacetOutcomes {
    const { id, before, after, tree } = this
    if (logits === undefined) throw new ReeltagError('MODEL_MISMATCH', `the head gave no logits for facet ${id}`)
    const scores = facetScores(tree, logits, mask, after)
    const is = this.outcome(after, scores, mask)
    const root = this.roots[is?.numbers[0] ?? largest(tree.leaves, scores.ranks, 1)[0] ?? 0] ?? ''
    if (before === undefined || !isDeciding(before)) return { id, before: undefined, after: is, root }
    const own = this.isAlike(before, mask) ? scores : facetScores(tree, logits, mask, before)
    return { id, before: this.outcome(before, own, mask), after: is, root }
  }

  private outcome(policy: FacetToDecide, scores: Scores, mask: Mask): OutcomeOfNodes | undefined {
    if (!isDeciding(policy)) return undefined
    const { decision, published } = choose(this.tree, scores, policy.publish[mask] ?? unfitted)
    const paths = published.length === 0 ? nothing : published.map((node) => this.paths[node] ?? '')
    return { decision, paths, numbers: published }
  }

  private isAlike(before: FacetToDecide, mask: Mask): boolean {
    const known = this.alike.get(mask)
    if (known !== undefined) return known
    const alike = scoresAlike(before, this.after, mask)
    this.alike.set(mask, alike)
    return alike
  }
}
