import { z } from 'zod'

/** Why a page looks at a review item again. */
export const ItemChange = z.enum(['claimed', 'released', 'decided', 'superseded'])
export type ItemChange = z.infer<typeof ItemChange>

/** A content that changed: its state, and the stage that began or ended. */
export const LiveContent = z.object({
  id: z.uuid(),
  state: z.string(),
  stage: z.string().optional(),
  stageState: z.string().optional(),
})
export type LiveContent = z.infer<typeof LiveContent>

/** One payload of the channel `live`, as the triggers and `tellWatchers` write it. */
export const LiveChange = z.object({
  workspace: z.uuid(),
  queues: z.literal(true).optional(),
  items: z.array(z.object({ id: z.uuid(), change: ItemChange })).optional(),
  contents: z.array(LiveContent).optional(),
  /** More contents than a payload holds. */
  many: z.literal(true).optional(),
})
export type LiveChange = z.infer<typeof LiveChange>

/** The events of `GET /v1/live`, by name. */
export interface LiveEvents {
  /** The counts of queues changed. */
  queues: Record<string, never>
  item: { id: string; change: ItemChange }
  content: LiveContent
  /** Many contents changed, or some changes were missed: read again what is shown. */
  contents: Record<string, never>
}
