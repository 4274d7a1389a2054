import { Controller } from '@nestjs/common'
import { calibrationFittedV1 } from '@reeltag/contracts'
import { Inbox, OnEvent, type ReceivedEvent } from '@reeltag/events'
import { Metrics } from '@reeltag/platform'

/** Counts calibrations where metrics are read, by whichever process or command they were fitted, and each once. */
@Controller()
export class CalibrationsConsumer {
  private readonly fitted

  constructor(
    private readonly inbox: Inbox,
    metrics: Metrics,
  ) {
    this.fitted = metrics.counter('reeltag_calibrations_total', 'Calibrations that were fitted', ['because'])
  }

  @OnEvent(calibrationFittedV1)
  async count(event: ReceivedEvent<typeof calibrationFittedV1>): Promise<void> {
    const first = await this.inbox.once('policies', event, () => Promise.resolve())
    if (first) this.fitted.inc({ because: event.data.because })
  }
}
