import type { ErrorEntry } from './error-entry.js'
import { accountErrors } from './accounts.js'
import { commandErrors, importErrors } from './commands.js'
import { decisionErrors } from './decisions.js'
import { eventErrors } from './events.js'
import { mediaErrors } from './media.js'
import { modelErrors } from './models.js'
import { pipelineErrors } from './pipeline.js'
import { requestErrors } from './requests.js'
import { reviewErrors } from './review.js'
import { serverErrors } from './servers.js'

/**
 * Every error of Reeltag in one table, joined from the files of each subject. Codes are part of the public contract:
 * they may be added, never renamed or reused. docs/errors.md lists them in this order.
 */
export const errorCodes = {
  ...requestErrors,
  ...accountErrors,
  ...mediaErrors,
  ...modelErrors,
  ...decisionErrors,
  ...reviewErrors,
  ...importErrors,
  ...pipelineErrors,
  ...eventErrors,
  ...serverErrors,
  ...commandErrors,
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCodes

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code)
