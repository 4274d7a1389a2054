import type { PolicyReplay } from '@reeltag/contracts'

type Flip = PolicyReplay['flips'][number]

const examplesMax = 5
const listedMax = 50

/** What is published differently, the commonest first, with a few contents of each kind to look at. */
export class Flips {
  private readonly kinds = new Map<string, Flip & { contents: number; examples: string[] }>()

  /** @param change.before published paths joined; empty for none */
  add(facet: string, { contentId, before, after }: { contentId: string; before: string; after: string }): void {
    if (before === after) return
    const key = `${facet}\n${before}\n${after}`
    const kind = this.kinds.get(key) ?? {
      facet,
      before: before || null,
      after: after || null,
      contents: 0,
      examples: [],
    }
    this.kinds.set(key, kind)
    kind.contents++
    if (kind.examples.length < examplesMax) kind.examples.push(contentId)
  }

  commonest(): Flip[] {
    return [...this.kinds.values()].sort((a, b) => b.contents - a.contents).slice(0, listedMax)
  }
}
