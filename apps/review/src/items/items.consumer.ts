import { Controller } from '@nestjs/common'
import { reviewRequestedV1, tagsPublishedV1 } from '@reeltag/contracts'
import { Inbox, OnEvent, type ReceivedEvent } from '@reeltag/events'
import { ItemsRepository } from './items.repository.js'

/** Events may arrive twice, and those of one content in any order. The result is the same. */
@Controller()
export class ItemsConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly items: ItemsRepository,
  ) {}

  @OnEvent(reviewRequestedV1)
  async open(event: ReceivedEvent<typeof reviewRequestedV1>): Promise<void> {
    const { contentId, predictionId, revision, reason, tags, because, candidates } = event.data
    const { workspaceid: workspaceId } = event
    await this.inbox.once('review', event, (tx) =>
      this.items.open(tx, { workspaceId, contentId, predictionId, revision, reason, tags, because, candidates }),
    )
  }

  /** A newer result makes the items of older ones obsolete. */
  @OnEvent(tagsPublishedV1)
  async supersede(event: ReceivedEvent<typeof tagsPublishedV1>): Promise<void> {
    const { contentId, revision } = event.data
    await this.inbox.once('review', event, (tx) => this.items.supersede(tx, contentId, revision))
  }
}
