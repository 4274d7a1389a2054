import type { ChosenTag, Names, ReviewTask, Tag, Verdict, VerdictAction } from '../api/review-types.js'

/** A line among which a reviewer chooses; the first nine have a digit. */
export interface Option {
  readonly facet: string
  readonly path: string
  readonly names: readonly Names[]
  /** Calibrated probability; null for a node that was found in the tree. */
  readonly confidence: number | null
  readonly isSuggested: boolean
}

const isSame = (a: ChosenTag, b: ChosenTag): boolean => a.facet === b.facet && a.path === b.path

/** What accepting means: what the server says, or the likeliest tag of each facet. */
export const suggestionOf = (item: Pick<ReviewTask, 'tags' | 'suggestion'>): readonly ChosenTag[] => {
  if (item.suggestion !== undefined) return item.suggestion
  const best = new Map<string, Tag>()
  for (const tag of item.tags) {
    const other = best.get(tag.facet)
    if (other === undefined || tag.confidence > other.confidence) best.set(tag.facet, tag)
  }
  return [...best.values()].map(({ facet, path }) => ({ facet, path }))
}

/** Suggested ones first, then by confidence, facet by facet in the order in which the facets come. */
export const optionsOf = (item: Pick<ReviewTask, 'tags' | 'suggestion'>): readonly Option[] => {
  const suggestion = suggestionOf(item)
  const options = item.tags.map(({ facet, path, names, confidence }): Option => ({
    facet,
    path,
    names,
    confidence,
    isSuggested: suggestion.some((tag) => isSame(tag, { facet, path })),
  }))
  const facets = [...new Set(item.tags.map(({ facet }) => facet))]
  return facets.flatMap((facet) =>
    options
      .filter((option) => option.facet === facet)
      .sort((a, b) => Number(b.isSuggested) - Number(a.isSuggested) || (b.confidence ?? 0) - (a.confidence ?? 0)),
  )
}

/** What is chosen at the moment: the suggestion, with the facets that somebody has changed in its place. */
export const chosenTags = (suggestion: readonly ChosenTag[], changes: readonly ChosenTag[]): readonly ChosenTag[] => {
  const changed = new Set(changes.map(({ facet }) => facet))
  return [...suggestion.filter(({ facet }) => !changed.has(facet)), ...changes]
}

/**
 * Chooses a node. In a facet of one label it takes the place of the other; in one of several it comes or goes.
 * @param changes what has been changed so far; a facet that is back at its suggestion is not among them
 */
export const choose = (
  suggestion: readonly ChosenTag[],
  changes: readonly ChosenTag[],
  { facet, path }: ChosenTag,
  kind: 'single' | 'multi',
): readonly ChosenTag[] => {
  const others = changes.filter((tag) => tag.facet !== facet)
  const before = chosenTags(suggestion, changes).filter((tag) => tag.facet === facet)
  const has = before.some((tag) => tag.path === path)
  const toggled = has ? before.filter((tag) => tag.path !== path) : [...before, { facet, path }]
  // The last one stays: that nothing is right is said by a rejection.
  const after = kind === 'single' ? [{ facet, path }] : toggled.length === 0 ? before : toggled
  const suggested = suggestion.filter((tag) => tag.facet === facet)
  const isBack =
    after.length === suggested.length && after.every((tag) => suggested.some((other) => isSame(tag, other)))
  return isBack ? others : [...others, ...after]
}

/** Accepting with changes is a correction. */
export const verdictOf = (
  claim: { readonly itemId: string; readonly token: number },
  id: string,
  action: VerdictAction,
  given: {
    readonly changes: readonly ChosenTag[]
    readonly reason?: string
    readonly note?: string
    readonly evidence?: Verdict['evidence']
  },
): Verdict => {
  const { changes, reason, note, evidence } = given
  const isCorrection = action === 'accept' && changes.length > 0
  return {
    id,
    ...claim,
    action: isCorrection ? 'correct' : action,
    ...(isCorrection || action === 'correct' ? { tags: changes } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined || note.trim() === '' ? {} : { note: note.trim() }),
    ...(evidence === undefined || evidence.length === 0 ? {} : { evidence }),
  }
}
