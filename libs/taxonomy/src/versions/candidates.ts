import { normalise } from '../source/normalise.js'
import type { NodeFacts, TreeFacts } from './tree-facts.js'

/** A node that is gone, and the one that has its name or one of its synonyms now. A person decides whether it is so. */
export interface MergeCandidate {
  readonly from: string
  readonly into: string
  /** The name or synonym that both have. */
  readonly because: string
}

/** A node and the new ones that seem to share what it was. A person decides whether it is so. */
export interface SplitCandidate {
  readonly from: string
  readonly into: readonly string[]
}

const textsOf = ({ names, synonyms }: NodeFacts): string[] =>
  [names.zh, names.en, ...(synonyms?.zh ?? []), ...(synonyms?.en ?? [])].map(normalise)

/** Removed nodes with a text that a node of the new version has and that none had but the removed one. */
export const mergeCandidates = (from: TreeFacts, to: TreeFacts): MergeCandidate[] => {
  const owners = new Map<string, string[]>()
  for (const [id, node] of to.facts)
    for (const word of new Set(textsOf(node))) owners.set(word, [...(owners.get(word) ?? []), id])
  return [...from.facts]
    .filter(([id]) => !to.facts.has(id))
    .flatMap(([id, node]) => {
      for (const word of textsOf(node)) {
        const [into] = owners.get(word) ?? []
        if (into !== undefined) return [{ from: id, into, because: word }]
      }
      return []
    })
}

/** Old leaves under which, or in whose place, two or more new nodes stand. */
export const splitCandidates = (from: TreeFacts, to: TreeFacts): SplitCandidate[] =>
  [...from.facts].flatMap(([id, node]) => {
    if (from.children.has(id)) return []
    const isNew = (other: string): boolean => !from.facts.has(other)
    const into = to.facts.has(id)
      ? (to.children.get(id) ?? []).filter(isNew)
      : (to.children.get(from.parents.get(id) ?? null) ?? []).filter(
          (other) => isNew(other) && resembles(node, to.facts.get(other)),
        )
    return into.length < 2 ? [] : [{ from: id, into }]
  })

/** A longer name with the old one within it: "ball games" and "indoor ball games". */
const resembles = (old: NodeFacts, next: NodeFacts | undefined): boolean => {
  if (next === undefined) return false
  const words = textsOf(old)
  return textsOf(next).some((text) => words.some((word) => word.length > 1 && text !== word && text.includes(word)))
}
