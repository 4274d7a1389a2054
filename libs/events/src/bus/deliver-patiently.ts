import { ReeltagError, toReeltagError, type ErrorCode } from '@reeltag/contracts'
import { isOutage } from '@reeltag/platform'
import { setTimeout as sleep } from 'node:timers/promises'

const triesMax = 5
const firstPauseMs = 50

/** Why a consumer could not take an event. */
export interface Refusal {
  readonly code: ErrorCode
  readonly detail: string
  readonly cause: unknown
}

/**
 * Tries a delivery until it succeeds, fails for good, or has failed too often.
 * @returns undefined once delivered; otherwise the reason why it never will be
 * @throws the error of a server that is down, since it says nothing about the event
 */
export const deliverPatiently = async (deliver: () => Promise<void>): Promise<Refusal | undefined> => {
  for (let tries = 1; ; tries++) {
    try {
      await deliver()
      return undefined
    } catch (cause) {
      if (isOutage(cause)) throw cause
      const hopeless = cause instanceof ReeltagError && !cause.retryable
      if (hopeless || tries >= triesMax) {
        const { code, message: detail } = toReeltagError(cause)
        return { code, detail, cause }
      }
      await sleep(firstPauseMs * 2 ** (tries - 1))
    }
  }
}
