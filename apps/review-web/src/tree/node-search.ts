/** A node as the API gives it. */
export interface TreeNode {
  readonly id: string
  readonly path: string
  readonly parent: string | null
  readonly leaf: boolean
  readonly names: { readonly zh: string; readonly en: string }
  readonly synonyms: { readonly zh: readonly string[]; readonly en: readonly string[] }
}

export interface Facet {
  readonly id: string
  readonly kind: 'single' | 'multi'
  readonly names: { readonly zh: string; readonly en: string }
  readonly nodes: readonly TreeNode[]
}

export interface Found {
  readonly facet: string
  readonly node: TreeNode
}

/**
 * Chinese as it is typed in Latin letters: the whole and the initials, without tones.
 * Rare characters of several readings have the most frequent one.
 */
export type Romanise = (text: string) => { readonly full: string; readonly initials: string }

interface Entry extends Found {
  readonly words: readonly { readonly text: string; readonly weight: number }[]
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().trim()

/** Names before synonyms before pinyin: who types a name means that node. */
const wordsOf = (node: TreeNode, romanise: Romanise | undefined): Entry['words'] => {
  const names = [node.names.zh, node.names.en]
  const synonyms = [...node.synonyms.zh, ...node.synonyms.en]
  const romanised = [node.names.zh, ...node.synonyms.zh].flatMap((text, index) => {
    if (romanise === undefined || !/\p{Script=Han}/u.test(text)) return []
    const { full, initials } = romanise(text)
    const behind = index === 0 ? 0 : 1
    return [
      { text: fold(full), weight: 2 + behind },
      { text: fold(initials), weight: 3 + behind },
    ]
  })
  return [
    ...names.map((text) => ({ text: fold(text), weight: 0 })),
    { text: fold(node.id.replaceAll('-', ' ')), weight: 1 },
    ...synonyms.map((text) => ({ text: fold(text), weight: 1 })),
    ...romanised,
  ]
}

/** How well a word fits: the smaller, the better; undefined where it does not. */
const fitOf = (text: string, wanted: string): number | undefined => {
  if (text === wanted) return 0
  if (text.startsWith(wanted)) return 10
  if (text.includes(` ${wanted}`)) return 20
  return wanted.length > 1 && text.includes(wanted) ? 30 : undefined
}

/** Type-ahead over label trees, by Chinese, English, synonym, pinyin and its initials. */
export class NodeSearch {
  private readonly entries: readonly Entry[]

  constructor(facets: readonly Facet[], romanise?: Romanise) {
    this.entries = facets.flatMap((facet) =>
      facet.nodes.map((node) => ({ facet: facet.id, node, words: wordsOf(node, romanise) })),
    )
  }

  /** Best first; of equal ones leaves before branches, then in the order of the tree. Nothing typed finds nothing. */
  find(typed: string, limit = 9): readonly Found[] {
    const wanted = fold(typed)
    if (wanted === '') return []
    const scored = this.entries.flatMap((entry, order) => {
      const fits = entry.words.flatMap(({ text, weight }) => {
        const fit = fitOf(text, wanted)
        return fit === undefined ? [] : [fit + weight]
      })
      return fits.length === 0 ? [] : [{ entry, order, score: Math.min(...fits) }]
    })
    return scored
      .sort((a, b) => a.score - b.score || Number(b.entry.node.leaf) - Number(a.entry.node.leaf) || a.order - b.order)
      .slice(0, limit)
      .map(({ entry: { facet, node } }) => ({ facet, node }))
  }
}
