import type { EventEnvelope, ServiceName } from '@reeltag/contracts'
import type { Database, Transaction } from '@reeltag/platform'
import { CommitGroup } from '@reeltag/platform'

type Effect = (tx: Transaction) => Promise<void>

interface Receipt {
  readonly consumer: ServiceName
  readonly event: Pick<EventEnvelope, 'id' | 'subject'>
  readonly effect: Effect
}

const nameOf = (consumer: string, eventId: string): string => `${consumer} ${eventId}`
const bySubject = ({ event: a }: Receipt, { event: b }: Receipt): number =>
  a.subject === b.subject ? 0 : a.subject < b.subject ? -1 : 1

/** Makes an at-least-once delivery take effect once: the receipt and the effect share one transaction. */
export class Inbox {
  private readonly group: CommitGroup<Receipt, boolean>

  constructor(
    db: Database,
    private readonly onDuplicate: (consumer: ServiceName) => void = () => undefined,
  ) {
    this.group = new CommitGroup((receipts) => db.transaction((tx) => take(tx, receipts), { durable: true }))
  }

  /**
   * Takes an event. Events that arrive while others are being committed share the next transaction, so an effect must
   * touch nothing but its own content. It may run again after a rollback.
   * @returns false where this consumer had already taken the event; `effect` did not run then.
   */
  async once(consumer: ServiceName, event: Receipt['event'], effect: Effect): Promise<boolean> {
    const first = await this.group.join({ consumer, event, effect })
    if (!first) this.onDuplicate(consumer)
    return first
  }
}

/** Effects run in the order of their contents. Finishing stages locks contents in the same order, so the two cannot deadlock. */
const take = async (tx: Transaction, receipts: readonly Receipt[]): Promise<boolean[]> => {
  const rows = await tx.query<{ consumer: string; event_id: string }>(
    `INSERT INTO inbox (consumer, event_id)
     SELECT * FROM unnest($1::text[], $2::uuid[]) AS d(consumer, event_id) ORDER BY consumer, event_id
     ON CONFLICT DO NOTHING RETURNING consumer, event_id`,
    [receipts.map(({ consumer }) => consumer), receipts.map(({ event }) => event.id)],
  )
  const fresh = new Set(rows.map(({ consumer, event_id }) => nameOf(consumer, event_id)))
  // One group may contain the same event twice. The first delivery has the effect.
  const effective = receipts.filter(({ consumer, event }) => fresh.delete(nameOf(consumer, event.id)))
  for (const { effect } of effective.toSorted(bySubject)) await effect(tx)
  const taken = new Set(effective)
  return receipts.map((receipt) => taken.has(receipt))
}
