import type { ChosenTag } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'

/** Whose word it is, and of when. */
export interface Saying {
  readonly contentId: string
  readonly who: string
  readonly at: Date
}

/** Of a facet the nodes that a reviewer says are true; none: no node of it fits. */
export interface SaidOfFacet {
  readonly facet: string
  readonly paths: readonly string[]
}

/** Where verdicts become truth: the label module, which the executable brings. Both run in the caller's transaction. */
export interface Truth {
  /** Saying the same again changes nothing. @param taxonomy the tree of the paths, `name/version` */
  say(
    tx: Transaction,
    workspaceId: string,
    saying: Saying & { readonly taxonomy: string; readonly facets: readonly SaidOfFacet[] },
  ): Promise<void>
  /** What was said at that moment does not count any more. */
  withdraw(tx: Transaction, workspaceId: string, saying: Saying): Promise<void>
}

/**
 * What a verdict says of each facet. Accepting says that all suggestions are true; correcting speaks only of the facets that
 * it names; rejecting says that no node fits, of every facet that had a tag.
 */
export const saidBy = (
  action: string,
  tags: readonly ChosenTag[],
  named: readonly ChosenTag[],
  facetsOfItem: readonly string[],
): SaidOfFacet[] => {
  if (action === 'reject') return [...new Set(facetsOfItem)].map((facet) => ({ facet, paths: [] }))
  const spoken = new Set((action === 'correct' ? named : tags).map(({ facet }) => facet))
  return [...spoken].map((facet) => ({
    facet,
    paths: tags.filter((tag) => tag.facet === facet).map(({ path }) => path),
  }))
}
