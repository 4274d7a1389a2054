import type { ServiceName } from '@reeltag/contracts'
import { type Database, type Transaction } from '@reeltag/platform'

/** Makes an at-least-once delivery visible once: the receipt and the effect share one transaction. */
export class Inbox {
  constructor(
    private readonly db: Database,
    private readonly onDuplicate: (consumer: ServiceName) => void = () => undefined,
  ) {}

  /** @returns false where this consumer had already taken the event; `effect` did not run then. */
  async once(
    consumer: ServiceName,
    event: { readonly id: string },
    effect: (tx: Transaction) => Promise<void>,
  ): Promise<boolean> {
    const first = await this.db.transaction(
      async (tx) => {
        const receipt = await tx.query(
          `INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id`,
          [consumer, event.id],
        )
        if (receipt.length === 0) return false
        await effect(tx)
        return true
      },
      { durable: true },
    )
    if (!first) this.onDuplicate(consumer)
    return first
  }
}
