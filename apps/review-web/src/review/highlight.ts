/** A piece of a text: how much it carried of the decision, 0 where nothing is known. */
export interface Piece {
  readonly text: string
  readonly weight: number
}

interface Span {
  readonly start: number
  readonly end: number
  readonly weight: number
}

/** Weights below this share of the strongest are not shown: everything carries a little. */
const shareMin = 0.2

/**
 * Cuts a text at the words that carried the decision.
 * @param spans offsets in UTF-16 code units; those that overlap or do not lie in the text are left out
 * @param strongest the weight of the strongest word of the content, in any unit
 */
export const pieces = (text: string, spans: readonly Span[], strongest: number): readonly Piece[] => {
  const found: Piece[] = []
  let at = 0
  for (const { start, end, weight } of [...spans].sort((a, b) => a.start - b.start)) {
    const share = strongest > 0 ? weight / strongest : 0
    if (start < at || end <= start || end > text.length || share < shareMin) continue
    if (start > at) found.push({ text: text.slice(at, start), weight: 0 })
    found.push({ text: text.slice(start, end), weight: Math.min(1, share) })
    at = end
  }
  if (at < text.length) found.push({ text: text.slice(at), weight: 0 })
  return found
}
