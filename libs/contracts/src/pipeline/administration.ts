import { z } from 'zod'
import { errorCodes, isErrorCode, type ErrorCode } from '../errors/error-codes.js'
import { pipeline } from './stages.js'
import { request, response } from '../released.js'

// Not enums: a released contract may not change, and stages and codes may be added.
const nameIn = (names: ReadonlySet<string>) =>
  z.string().refine((name) => names.has(name), { error: `is none of ${[...names].join(', ')}` })

/** A queue of the pipeline. */
export const QueueName = nameIn(new Set(pipeline.map(({ job }) => job.queue)))
const StageName = nameIn(new Set(pipeline.map(({ stage }) => stage)))
const ErrorCodeName = z.string().refine(isErrorCode, { error: 'is no error code' })

export const QueueView = response(
  'QueueView',
  z.object({
    queue: z.string(),
    state: z
      .enum(['running', 'paused', 'drained'])
      .describe('paused: nothing new begins; drained: the queue is emptied besides, and its stages wait in Postgres'),
    since: z.iso.datetime().nullable().describe('since when it is paused or drained'),
    stages: z
      .object({ ready: z.int(), queued: z.int(), running: z.int(), failed: z.int() })
      .describe('stages of every workspace, from Postgres'),
    oldestAgeSeconds: z.number().nullable().describe('how long the oldest stage has been waiting'),
    jobs: z
      .object({ waiting: z.int(), prioritized: z.int(), delayed: z.int(), active: z.int() })
      .nullable()
      .describe('what the queue itself holds; null while its store does not answer'),
    concurrency: z.int().nullable().describe('of QUEUE_CONCURRENCY in this process; null: what the service sets'),
    rate: z.object({ max: z.int(), durationMs: z.int() }).nullable().describe('of QUEUE_RATES in this process'),
  }),
)
export type QueueView = z.infer<typeof QueueView>

export const QueueList = response('QueueList', z.object({ items: z.array(QueueView) }))
export type QueueList = z.infer<typeof QueueList>

/** What a change to a queue answers. */
export const QueueChanged = response('QueueChanged', QueueView.pick({ queue: true, state: true }))
export type QueueChanged = z.infer<typeof QueueChanged>

/** Which contents a rerun tags again with the pack in force. */
export const RerunSelection = z.enum(['missing', 'all', 'failed'])
export type RerunSelection = z.infer<typeof RerunSelection>

const retryableCodes = Object.entries(errorCodes).flatMap(([code, { retryable }]) =>
  retryable ? [code as ErrorCode] : [],
)

const failedOnly = ['queue', 'stage', 'codes'] as const

export const StartRerun = request(
  'StartRerun',
  z
    .strictObject({
      contents: RerunSelection.describe(
        'missing: without a prediction of the pack in force; all: every content; failed: those that failed',
      ),
      queue: QueueName.optional().describe('of failed: only where a stage of this queue failed'),
      stage: StageName.optional().describe('of failed: only where this stage failed'),
      codes: z
        .array(ErrorCodeName)
        .min(1)
        .max(50)
        .optional()
        .describe('of failed: only these codes; without it, all that trying again can help'),
    })
    .refine((rerun) => rerun.contents === 'failed' || failedOnly.every((name) => rerun[name] === undefined), {
      error: 'queue, stage and codes choose among failed contents only',
    }),
)
export type StartRerun = z.infer<typeof StartRerun>

/** The codes of failures that trying again can help. */
export const codesWorthRetrying: readonly ErrorCode[] = retryableCodes

export const RerunView = response(
  'RerunView',
  z.object({
    id: z.uuid(),
    contents: RerunSelection,
    stages: z.array(z.string()),
    codes: z.array(z.string()),
    pack: z.string(),
    state: z
      .enum(['running', 'done', 'stopped', 'superseded'])
      .describe('superseded: another pack came into force in the middle'),
    total: z.int().describe('contents of the workspace when it began'),
    examined: z.int(),
    restarted: z.int().describe('contents sent through the pipeline'),
    postponed: z.int().describe('contents that were being tagged with another pack; taken at the end'),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  }),
)
export type RerunView = z.infer<typeof RerunView>

export const RerunPage = response(
  'RerunPage',
  z.object({ items: z.array(RerunView), nextCursor: z.string().nullable() }),
)
export type RerunPage = z.infer<typeof RerunPage>
