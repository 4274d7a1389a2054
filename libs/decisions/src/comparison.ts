import type { Decision, Tag } from '@reeltag/contracts'
import type { Decided } from './decide-content.js'

type Decisions = Record<Decision, number>

export interface LevelAgreement {
  /** 1 is the roots'. */
  readonly level: number
  /** Contents in which at least one of the two names a node so deep. */
  readonly compared: number
  readonly agreed: number
}

export interface FacetComparison {
  readonly facet: string
  readonly levels: readonly LevelAgreement[]
  /** Mean of what each pack says of what it names. */
  readonly confidence: { readonly active: number; readonly shadow: number }
  /** What the pack in force names → what the other one does, the commonest first. */
  readonly disagreements: readonly { readonly active: string; readonly shadow: string; readonly contents: number }[]
  /** Contents whose label one of the two taxonomies does not have. */
  readonly incomparable: number
}

export interface PackComparisonSummary {
  readonly contents: number
  readonly decisions: { readonly active: Decisions; readonly shadow: Decisions }
  readonly facets: readonly FacetComparison[]
}

/** Whether both packs' taxonomies have a node at this path. */
type IsShared = (facet: string, path: string) => boolean

const disagreementsMax = 10
const none = (): Decisions => ({ published: 0, 'published-ancestor': 0, review: 0 })

/** Two packs side by side, content by content: how often they name the same node at each level of each tree. */
export class PackComparison {
  private contents = 0
  private readonly decisions = { active: none(), shadow: none() }
  private readonly facets = new Map<string, FacetCount>()

  constructor(private readonly isShared: IsShared = () => true) {}

  add(active: Decided, shadow: Decided): void {
    this.contents++
    this.decisions.active[active.decision]++
    this.decisions.shadow[shadow.decision]++
    const theirs = new Set(shadow.tags.map(({ facet }) => facet))
    for (const facet of new Set(active.tags.map((tag) => tag.facet))) {
      if (!theirs.has(facet)) continue
      const count = this.facets.get(facet) ?? new FacetCount(facet, this.isShared)
      this.facets.set(facet, count)
      count.add(named(active.tags, facet), named(shadow.tags, facet))
    }
  }

  summary(): PackComparisonSummary {
    const facets = [...this.facets.values()].map((facet) => facet.summary())
    return { contents: this.contents, decisions: this.decisions, facets }
  }
}

class FacetCount {
  private readonly levels: { compared: number; agreed: number }[] = []
  private readonly sums = { active: 0, shadow: 0 }
  private readonly differing = new Map<string, { active: string; shadow: string; contents: number }>()
  private contents = 0
  private incomparable = 0

  constructor(
    private readonly facet: string,
    private readonly isShared: IsShared,
  ) {}

  add(active: readonly Tag[], shadow: readonly Tag[]): void {
    this.contents++
    this.sums.active += mean(active)
    this.sums.shadow += mean(shadow)
    const depth = Math.max(...[...active, ...shadow].map(({ path }) => nodesOf(path).length))
    for (let level = 1; level <= depth; level++) {
      const [ours, theirs] = [cut(active, level), cut(shadow, level)]
      if (![...ours, ...theirs].every((path) => this.isShared(this.facet, path))) {
        this.incomparable++
        return
      }
      const count = (this.levels[level - 1] ??= { compared: 0, agreed: 0 })
      count.compared++
      count.agreed += Number(join(ours) === join(theirs))
    }
    this.note(join(cut(active, depth)), join(cut(shadow, depth)))
  }

  private note(active: string, shadow: string): void {
    if (active === shadow) return
    const key = `${active} → ${shadow}`
    const pair = this.differing.get(key) ?? { active, shadow, contents: 0 }
    this.differing.set(key, { ...pair, contents: pair.contents + 1 })
  }

  summary(): FacetComparison {
    const byCount = [...this.differing.values()].sort((a, b) => b.contents - a.contents)
    return {
      facet: this.facet,
      levels: this.levels.map((count, index) => ({ level: index + 1, ...count })),
      confidence: { active: this.sums.active / this.contents, shadow: this.sums.shadow / this.contents },
      disagreements: byCount.slice(0, disagreementsMax),
      incomparable: this.incomparable,
    }
  }
}

/** Where leaves are left to choose, the likeliest of them; else everything that is published. */
const named = (tags: readonly Tag[], facet: string): readonly Tag[] => {
  const own = tags.filter((tag) => tag.facet === facet)
  const candidates = own.filter(({ status }) => status === 'candidate')
  return candidates.length === 0 ? own : candidates.slice(0, 1)
}

const nodesOf = (path: string): string[] => path.split('/')
const cut = (tags: readonly Tag[], level: number): Set<string> =>
  new Set(tags.map(({ path }) => nodesOf(path).slice(0, level).join('/')))
const join = (paths: ReadonlySet<string>): string => [...paths].sort().join(' + ')
const mean = (tags: readonly Tag[]): number => tags.reduce((sum, { confidence }) => sum + confidence, 0) / tags.length
