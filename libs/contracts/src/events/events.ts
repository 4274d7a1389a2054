import { z } from 'zod'
import { defineEvent } from './define-event.js'
import { Origin } from '../contents/origin.js'
import { Decision, Tag, Versions } from '../contents/results.js'
import { CalibrationReason } from '../decisions/calibrations.js'
import { open } from '../released.js'
import { CandidateSet, RuleHit } from '../decisions/routing.js'

const contentId = z.uuid()

export const contentSubmittedV1 = defineEvent({
  name: 'content.submitted.v1',
  schema: z.object({ contentId, externalId: z.string().nullable(), hasVideo: z.boolean(), hasText: z.boolean() }),
})

export const framesSampledV1 = defineEvent({
  name: 'frames.sampled.v1',
  schema: z.object({ contentId, frames: z.int().positive(), timesMs: z.array(z.number()), durationMs: z.number() }),
})

const prediction = {
  contentId,
  predictionId: z.uuid(),
  revision: z.int().positive(),
  decision: Decision,
  tags: z.array(Tag),
  versions: Versions,
  supersedes: z
    .object({
      revision: z.int().positive(),
      predictionId: z.uuid().optional().describe('absent where that result is not stored any more'),
    })
    .nullable()
    .optional()
    .describe('the visible result before this one; null: this is the first; absent: not told'),
}

/** What the model said, whether or not it was certified. */
export const tagsPredictedV1 = defineEvent({ name: 'tags.predicted.v1', schema: z.object(prediction) })

/**
 * The visible result; one with a higher revision supersedes it. Without tags: what was published before is taken back, and
 * nothing takes its place.
 */
export const tagsPublishedV1 = defineEvent({
  name: 'tags.published.v1',
  schema: z.object({
    ...prediction,
    origin: Origin.optional().describe('the reviewer who gave this result; absent: the model did'),
  }),
})

export const reviewRequestedV1 = defineEvent({
  name: 'review.requested.v1',
  schema: z.object({
    ...prediction,
    reason: z.enum(['uncertain', 'ancestor-only']),
    because: z
      .array(RuleHit)
      .optional()
      .describe('rules of the policy for which a person looks, whatever the scores say'),
    candidates: CandidateSet.optional().describe(
      'what is promised of the candidates, where the policy promises anything',
    ),
  }),
})

export const contentFailedV1 = defineEvent({
  name: 'content.failed.v1',
  schema: z.object({ contentId, stage: z.string(), code: z.string(), detail: z.string() }),
})

const policy = {
  policyId: z.uuid(),
  policy: z.string().describe('name/number'),
  pack: z.string().describe('whose scores it decides on'),
  actor: z.string(),
}

/** A workspace's contents are decided by another policy from now on. */
export const policyActivatedV1 = defineEvent({
  name: 'policy.activated.v1',
  schema: z.object({ ...policy, replaces: z.string().nullable().describe('the policy before; null: the pack') }),
})

/** A policy is no longer in force, and none takes its place: the pack decides by itself. */
export const policyRetiredV1 = defineEvent({
  name: 'policy.retired.v1',
  schema: z.object({ ...policy, because: z.string() }),
})

/** Audits say that a group of a policy does not keep its promise. From now on its contents go to review. */
export const policyBreachedV1 = defineEvent({
  name: 'policy.breached.v1',
  schema: z.object({
    policyId: policy.policyId,
    policy: policy.policy.describe('name/number: the one whose promise is broken'),
    pack: policy.pack,
    facet: z.string(),
    mask: z.string().describe('the streams of the contents, such as text+video'),
    under: z.string().nullable().describe('the group: contents below this node; null: all that no other group has'),
    error: z.number().describe('what was promised: at most this share is wrong'),
    audited: z.int().positive().describe('answers until now'),
    wrong: z.int().nonnegative(),
    evidence: z.number().describe('e-value against the promise'),
    alarmFrom: z.number().describe('the e-value that breaks it: one over the probability of a false alarm'),
    replacedBy: z
      .string()
      .nullable()
      .describe('the policy in force from now on, without the group; null: the group was not in force any more'),
  }),
})

/** A calibration was fitted and stored. It changes nothing until a policy that is proven with it comes into force. */
export const calibrationFittedV1 = defineEvent({
  name: 'calibration.fitted.v1',
  schema: z.object({
    calibrationId: z.uuid(),
    calibration: z.string().describe('name/number'),
    pack: policy.pack.describe('whose scores it calibrates'),
    taxonomy: z.string().describe('the tree that its labels are of, name/version'),
    because: open(CalibrationReason).describe('asked; draft: a policy needed one; grown: there was enough new truth'),
    contents: z.int().nonnegative().describe('contents that it was fitted on'),
    actor: z.string(),
  }),
})

export const events = [
  contentSubmittedV1,
  framesSampledV1,
  tagsPredictedV1,
  tagsPublishedV1,
  reviewRequestedV1,
  contentFailedV1,
  policyActivatedV1,
  policyRetiredV1,
  policyBreachedV1,
  calibrationFittedV1,
] as const

/** CloudEvents 1.0 in structured mode; extension names are lower case as its §3.1.1 wants. */
export const EventEnvelope = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string(),
  type: z.string(),
  subject: z.string().describe('content id; of an event about a policy or a calibration, its id'),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  workspaceid: z.uuid(),
  sequence: z.int().positive().describe('given by the relay when it publishes; total order'),
  revision: z.int().nonnegative(),
  traceparent: z.string().optional(),
  schemaversion: z.int().positive(),
  data: z.unknown(),
})
export type EventEnvelope = z.infer<typeof EventEnvelope>
