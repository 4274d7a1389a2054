import { readJson, writeJson, type KeyValueStore } from './safe-storage.js'

/** Anything with an id that the server takes once. */
export interface Outgoing {
  readonly id: string
}

/** What became of an attempt to send. */
export type Sent<Answer> =
  | { readonly kind: 'done'; readonly answer: Answer }
  /** No answer, or one that says to come again: it is kept and sent again under the same id. */
  | { readonly kind: 'later' }
  /** The session has ended: kept until somebody signs in. */
  | { readonly kind: 'signed-out' }
  /** It will never be taken. */
  | { readonly kind: 'refused'; readonly error: unknown }

export interface OutboxListener<Item, Answer> {
  done(item: Item, answer: Answer): void
  refused(item: Item, error: unknown): void
}

/**
 * Sends things in order, each under an id that its sender made, and keeps them in the browser until the server has
 * answered. So a verdict that the network lost in the middle is sent again and counts once.
 */
export class Outbox<Item extends Outgoing, Answer> {
  private working: Promise<void> | undefined
  private again = false

  constructor(
    private readonly store: KeyValueStore,
    private readonly key: string,
    private readonly send: (item: Item) => Promise<Sent<Answer>>,
    private readonly listener: OutboxListener<Item, Answer>,
  ) {}

  /** What waits to be sent, oldest first. */
  get waiting(): readonly Item[] {
    const stored = readJson(this.store, this.key)
    return Array.isArray(stored) ? (stored as Item[]) : this.unstored
  }

  /** Keeps an item and begins to send. @returns when everything that can be sent is, or has to wait */
  add(item: Item): Promise<void> {
    this.write([...this.waiting, item])
    return this.flush()
  }

  /** Sends what waits, one after another. A second call while one is at work is part of that one. */
  flush(): Promise<void> {
    if (this.working !== undefined) {
      this.again = true
      return this.working
    }
    this.working = this.work().finally(() => {
      this.working = undefined
    })
    return this.working
  }

  private async work(): Promise<void> {
    do {
      this.again = false
      for (let item = this.waiting[0]; item !== undefined; item = this.waiting[0]) {
        const sent = await this.send(item)
        if (sent.kind === 'later' || sent.kind === 'signed-out') break
        const { id } = item
        this.write(this.waiting.filter((other) => other.id !== id))
        if (sent.kind === 'done') this.listener.done(item, sent.answer)
        else this.listener.refused(item, sent.error)
      }
    } while (this.again)
  }

  private unstored: readonly Item[] = []

  private write(items: readonly Item[]): void {
    // A store that is full must not lose what the page still knows.
    this.unstored = writeJson(this.store, this.key, items) ? [] : items
    if (this.unstored.length > 0) this.store.removeItem(this.key)
  }
}
