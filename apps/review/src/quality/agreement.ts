/** What two people said of one item. */
export interface DoubleReview {
  readonly one: string
  readonly other: string
  /** Equal where they say the same. */
  readonly answers: readonly [string, string]
}

/** Of each pair of reviewers how many items both looked at, and of how many they said the same. */
export const agreementOf = (
  reviews: readonly DoubleReview[],
): { one: string; other: string; items: number; agreed: number }[] => {
  const pairs = new Map<string, { one: string; other: string; items: number; agreed: number }>()
  for (const { one, other, answers } of reviews) {
    const [first, second] = one < other ? [one, other] : [other, one]
    const key = JSON.stringify([first, second])
    const pair = pairs.get(key) ?? { one: first, other: second, items: 0, agreed: 0 }
    pairs.set(key, { ...pair, items: pair.items + 1, agreed: pair.agreed + (answers[0] === answers[1] ? 1 : 0) })
  }
  return [...pairs.values()].toSorted((a, b) => b.items - a.items)
}

/**
 * Fleiss' kappa for two answers an item, whoever gave them: (P − Pe) / (1 − Pe), with P the share of items on which both
 * say the same, and Pe the sum over answers of the squared share of that answer among all answers (Fleiss 1971, equations 2
 * to 5, with n = 2).
 * @returns from −1 to 1; undefined without items, and where all answers are the same one: nothing is left beyond chance
 */
export const kappaOf = (reviews: readonly DoubleReview[]): number | undefined => {
  const counts = new Map<string, number>()
  for (const answer of reviews.flatMap(({ answers }) => answers)) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  const total = 2 * reviews.length
  const byChance = [...counts.values()].reduce((sum, count) => sum + (count / total) ** 2, 0)
  if (reviews.length === 0 || counts.size === 1) return undefined
  const agreed = reviews.filter(({ answers: [one, other] }) => one === other).length / reviews.length
  return (agreed - byChance) / (1 - byChance)
}
