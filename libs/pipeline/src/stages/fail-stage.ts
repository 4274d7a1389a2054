import { contentFailedV1, ReeltagError, type JobDefinition } from '@reeltag/contracts'
import type { Transaction } from '@reeltag/platform'
import type { Outbox } from '@reeltag/events'
import { outgoing } from '@reeltag/events'
import type { StageKey } from './stage-task.js'

const backoffSecondsMax = 60
const outagePauseSeconds = 5

export interface FailingStage extends StageKey {
  readonly workspaceId: string
  readonly traceparent: string | null
}

/**
 * Ends an attempt that failed: the stage becomes ready again after a pause that grows with its failures, or, where trying again cannot
 * help or was tried often enough, the content fails with a documented code.
 * @returns true where the content has failed with it
 */
export const failStage = async (
  tx: Transaction,
  outbox: Outbox,
  task: FailingStage,
  definition: Pick<JobDefinition, 'failuresMax'>,
  error: ReeltagError,
): Promise<boolean> => {
  const [content] = await tx.query<{ state: string; revision: number }>(
    `SELECT state, revision FROM contents WHERE id = $1 FOR UPDATE`,
    [task.contentId],
  )
  const [stage] = await tx.query<{ failures: number }>(
    `SELECT failures FROM stages WHERE content_id = $1 AND stage = $2 AND attempt = $3 AND state = 'running'`,
    [task.contentId, task.stage, task.attempt],
  )
  if (content?.state !== 'processing' || stage === undefined) return false
  // A failure during an outage does not count, because a content must not fail for something that an operator has to
  // repair.
  const failures = stage.failures + (error.isOutage ? 0 : 1)
  if (error.retryable && failures < definition.failuresMax) {
    await retryLater(tx, task, failures, error)
    return false
  }
  const final = error.retryable
    ? new ReeltagError(
        'STAGE_EXHAUSTED',
        `${task.stage} failed ${failures} times, last: ${error.code}: ${error.message}`,
      )
    : error
  await failContent(tx, outbox, task, content.revision, final)
  return true
}

const retryLater = async (tx: Transaction, task: StageKey, failures: number, error: ReeltagError): Promise<void> => {
  const pauseSeconds = error.isOutage ? outagePauseSeconds : Math.min(2 ** (failures - 1), backoffSecondsMax)
  await tx.query(
    `UPDATE stages SET state = 'ready', attempt = attempt + 1, failures = $3, lease_until = NULL,
       ready_at = now() + $4 * interval '1 second', error_code = $5, error_detail = $6
     WHERE content_id = $1 AND stage = $2`,
    [task.contentId, task.stage, failures, pauseSeconds, error.code, error.message],
  )
}

/**
 * Fails a content in a stage. Stages that have not begun are set to waiting: nobody will begin them, and as ready they
 * would be counted for ever. Running stages end by themselves. The caller holds the content's lock and has checked that
 * it is being processed.
 */
export const failContent = async (
  tx: Transaction,
  outbox: Outbox,
  task: Omit<FailingStage, 'attempt'>,
  revision: number,
  error: ReeltagError,
): Promise<void> => {
  await tx.query(
    `WITH held AS (
       SELECT stage FROM stages
       WHERE content_id = $1 AND (stage = $2 OR state IN ('ready', 'queued'))
       ORDER BY stage FOR UPDATE)
     UPDATE stages s SET state = 'waiting' FROM held h
     WHERE s.content_id = $1 AND s.stage = h.stage AND s.stage <> $2`,
    [task.contentId, task.stage],
  )
  await tx.query(
    `UPDATE stages SET state = 'failed', finished_at = now(), lease_until = NULL, error_code = $3, error_detail = $4
     WHERE content_id = $1 AND stage = $2`,
    [task.contentId, task.stage, error.code, error.message],
  )
  await tx.query(
    `UPDATE contents SET state = 'failed', error_code = $2, error_detail = $3, updated_at = now() WHERE id = $1`,
    [task.contentId, error.code, error.message],
  )
  const { contentId, workspaceId, traceparent, stage } = task
  const event = outgoing(contentFailedV1, { contentId, stage, code: error.code, detail: error.message })
  await outbox.publish(tx, [{ ...event, source: `/reeltag/${stage}`, workspaceId, contentId, revision, traceparent }])
}
