import { jobs } from '@reeltag/contracts'
import { z } from 'zod'

/** Most jobs that may start within a time, over all processes. */
export interface QueueRate {
  readonly max: number
  readonly durationMs: number
}

const queueNames: readonly string[] = [...new Set(jobs.map(({ queue }) => queue))]
const concurrencyMax = 1_024
const unitsMs: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000 }

/** A variable of the form `queue=value,queue=value`; only queues that exist, each at most once. */
export const perQueue = <T>(parse: (text: string) => T | undefined) =>
  z.string().transform((value, context) => {
    const given: Record<string, T> = {}
    for (const item of value.split(',')) {
      const [name = '', text = '', ...rest] = item.split('=').map((part) => part.trim())
      const parsed = rest.length === 0 ? parse(text) : undefined
      if (parsed !== undefined && queueNames.includes(name) && !(name in given)) given[name] = parsed
      else
        context.addIssue({
          code: 'custom',
          message: `cannot read ${JSON.stringify(item)}; queues: ${queueNames.join(', ')}`,
        })
    }
    return given
  })

/** Jobs that one process works on at once, 1 to 1024. */
export const concurrencyOf = (text: string): number | undefined => {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0
  return value >= 1 && value <= concurrencyMax ? value : undefined
}

/** `100/s`, `3000/min`, `5000/h`. */
export const rateOf = (text: string): QueueRate | undefined => {
  const [, max = '0', unit = ''] = /^(\d{1,7})\/(s|min|h)$/.exec(text) ?? []
  const durationMs = unitsMs[unit]
  return durationMs === undefined || Number(max) < 1 ? undefined : { max: Number(max), durationMs }
}
