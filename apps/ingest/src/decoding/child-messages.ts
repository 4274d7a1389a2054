import { z } from 'zod'
import { readBytesMax, refusalCodes, type Message, type SamplingPlan } from './wire.js'

// An attacker may control the child. Its messages are accepted only if an honest child could have sent them.

/** What an honest child needs for its header, and a strip of so many bytes a frame: raw pixels, far above any WebP. */
const headerBytesMax = 2 ** 20
const stripFrameBytesMax = 4 * 180 * 180 * 3
const detailLengthMax = 1_000

export type Read = Extract<Message, { kind: 'read' }>['header']
export type Refused = z.infer<typeof refused>
export type Plan = Omit<SamplingPlan, 'bytes'>

/** Bytes of the longest message that an honest child has for this plan. */
export const answerBytesMax = ({ frames, size }: Plan): number =>
  headerBytesMax + frames * (size * size * 3 + stripFrameBytesMax)

const read = z.object({ offset: z.int().nonnegative(), length: z.int().min(1).max(readBytesMax) })

const refused = z.object({
  code: z.enum(refusalCodes),
  detail: z.string().transform((detail) => detail.slice(0, detailLengthMax)),
})

const sampled = (plan: Plan) =>
  z
    .object({
      frames: z.int().min(1).max(plan.frames),
      size: z.literal(plan.size),
      timesMs: z.array(z.int().nonnegative()),
      durationMs: z.int().nonnegative(),
      width: z.int().positive(),
      height: z.int().positive(),
      packetsDecoded: z.int().nonnegative(),
      damaged: z.number().min(0).max(1).optional(),
      codec: z
        .string()
        .regex(/^[\w-]{1,40}$/)
        .optional(),
      tensorBytes: z.int(),
    })
    .refine(({ frames, timesMs }) => timesMs.length === frames, 'not one moment a frame')
    .refine(({ frames, size, tensorBytes }) => tensorBytes === frames * size * size * 3, 'a tensor of another shape')

/** @throws where the header is none that an honest child writes */
export const readOf = (header: unknown): Read => read.parse(header)

/** @throws as `readOf` */
export const refusedOf = (header: unknown): Refused => refused.parse(header)

/** The frames, and the strip that follows them. @throws as `readOf` */
export const framesOf = (header: unknown, body: Buffer, plan: Plan) => {
  const meta = sampled(plan).parse(header)
  if (body.length <= meta.tensorBytes) throw new RangeError('a body that is shorter than its tensor')
  return { ...meta, tensor: body.subarray(0, meta.tensorBytes), strip: body.subarray(meta.tensorBytes) }
}
