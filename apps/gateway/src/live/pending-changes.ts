import type { ItemChange, LiveChange, LiveContent, LiveEvents } from '@reeltag/contracts'

/** More contents than these in one flush are told as `contents`: a page reads its list again at once. */
const contentsMax = 50
const itemsMax = 200

/** What has changed in a workspace since its pages were told last; the last change of each thing counts. */
export class PendingChanges {
  private queues = false
  private many = false
  private items = new Map<string, ItemChange>()
  private contents = new Map<string, LiveContent>()

  add(change: Omit<LiveChange, 'workspace'>): void {
    this.queues ||= change.queues === true
    this.many ||= change.many === true
    for (const { id, change: how } of change.items ?? []) this.items.set(id, how)
    for (const content of change.contents ?? []) this.contents.set(content.id, content)
    if (this.contents.size > contentsMax) this.many = true
    // Who has so many items open reads the queue again.
    if (this.items.size > itemsMax) this.queues = true
    if (this.many) this.contents.clear()
  }

  get empty(): boolean {
    return !this.queues && !this.many && this.items.size === 0 && this.contents.size === 0
  }

  /** The events as an event stream, and none of them twice. */
  take(): string {
    const text = [
      ...(this.queues ? [eventOf('queues', {})] : []),
      ...[...this.items].map(([id, change]) => eventOf('item', { id, change })),
      ...(this.many
        ? [eventOf('contents', {})]
        : [...this.contents.values()].map((content) => eventOf('content', content))),
    ].join('')
    Object.assign(this, new PendingChanges())
    return text
  }
}

const eventOf = <Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
