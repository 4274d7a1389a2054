import { readJson, writeJson, type KeyValueStore } from './safe-storage.js'

/** A choice that is not sent yet. */
export interface Draft {
  /** By facet, the path that was chosen in place of what is suggested. */
  readonly tags?: readonly { readonly facet: string; readonly path: string }[]
  readonly note?: string
  readonly evidence?: readonly { readonly startMs: number; readonly endMs: number }[]
}

interface Kept {
  readonly draft: Draft
  readonly at: number
}

const key = 'reeltag.drafts'
const keptMax = 200
const keptMs = 14 * 24 * 3_600_000

/**
 * Drafts in this browser, by item. They outlive a lost network, an expired session and a closed tab; the server has its
 * own copy for other devices.
 */
export class DraftStore {
  constructor(
    private readonly store: KeyValueStore,
    private readonly scope: string,
    private readonly now: () => number = Date.now,
  ) {}

  get(itemId: string): Draft | undefined {
    return this.all()[itemId]?.draft
  }

  /** An empty draft is removed. @returns false where the browser could not keep it */
  put(itemId: string, draft: Draft): boolean {
    const { [itemId]: _, ...others } = this.all()
    const isEmpty = !draft.note && !draft.tags?.length && !draft.evidence?.length
    return this.write(isEmpty ? others : { ...others, [itemId]: { draft, at: this.now() } })
  }

  remove(itemId: string): void {
    this.put(itemId, {})
  }

  private get key(): string {
    return `${key}.${this.scope}`
  }

  private all(): Record<string, Kept> {
    const stored = readJson(this.store, this.key)
    if (typeof stored !== 'object' || stored === null) return {}
    const fresh = Object.entries(stored as Record<string, Kept>).filter(
      ([, kept]) => typeof kept?.at === 'number' && kept.at > this.now() - keptMs,
    )
    return Object.fromEntries(fresh)
  }

  private write(drafts: Record<string, Kept>): boolean {
    const newest = Object.entries(drafts)
      .sort(([, a], [, b]) => b.at - a.at)
      .slice(0, keptMax)
    return writeJson(this.store, this.key, Object.fromEntries(newest))
  }
}
