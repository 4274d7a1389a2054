import { z } from 'zod'
import { open } from '../released.js'
import { Origin } from './origin.js'

export const Names = z.object({ zh: z.string(), en: z.string() })
export type Names = z.infer<typeof Names>

/** A node of the label tree with how sure the system is that the content belongs under it. */
export const Tag = z.object({
  facet: z.string(),
  /** Node ids from the root to the tag, joined by '/'. */
  path: z.string(),
  names: z.array(Names).describe('of every node on the path, root first'),
  confidence: z.number().min(0).max(1).describe('calibrated probability'),
  /** `published`: certified by the pack's threshold. `candidate`: for a reviewer to decide. */
  status: z.enum(['published', 'candidate']),
})
export type Tag = z.infer<typeof Tag>

export const Decision = z.enum(['published', 'published-ancestor', 'review'])
export type Decision = z.infer<typeof Decision>

/** Everything that produced a result; equal versions on equal input give an equal result. */
export const Versions = z.object({
  pack: z.string(),
  vision: z.string(),
  text: z.string(),
  fusion: z.string(),
  taxonomy: z.string(),
  sampling: z.string(),
  policy: z.string().optional().describe('the policy that decided, name/number; without one the pack did'),
  streams: z
    .record(z.string(), z.string())
    .optional()
    .describe('the encoder of each stream; only where a pack has others than video and text'),
})
export type Versions = z.infer<typeof Versions>

export const Prediction = z.object({
  id: z.uuid(),
  revision: z.int().positive(),
  decision: Decision,
  modalities: z.array(open(z.enum(['video', 'text']))),
  tags: z.array(Tag),
  versions: Versions,
  origin: Origin.nullable().optional().describe('the reviewer who gave this result; null: the model did'),
  createdAt: z.iso.datetime(),
})
export type Prediction = z.infer<typeof Prediction>

export const ContentState = z.enum(['processing', 'published', 'in_review', 'failed'])
export type ContentState = z.infer<typeof ContentState>

export const StageState = open(z.enum(['waiting', 'ready', 'queued', 'running', 'done', 'failed']))
export type StageState = z.infer<typeof StageState>
