import type { z } from 'zod'

/**
 * What leaves the house: others wrote or read it before today's code did. `request`: sent to us. `response`: sent by us.
 * `stored`: on a disk or in a row since an earlier release. Events are released by `defineEvent`, error codes by their
 * table. Everything else may change as it likes; docs/extending.md says which change of a released schema is allowed.
 */
export type ReleasedKind = 'request' | 'response' | 'stored'

export interface Released {
  readonly kind: ReleasedKind
  /** Its name in contracts.lock.json; stays when the export is renamed. */
  readonly name: string
  readonly schema: z.ZodType
}

const everything: Released[] = []

/** Every schema that was marked, in the order of their definitions. */
export const releasedSchemas = (): readonly Released[] => everything

const mark =
  (kind: ReleasedKind) =>
  <S extends z.ZodType>(name: string, schema: S): S => {
    if (everything.some((other) => other.kind === kind && other.name === name))
      throw new Error(`two released schemas are called ${kind} ${name}`)
    everything.push({ kind, name, schema })
    return schema
  }

/** Marks what clients send: may only come to accept more. */
export const request = mark('request')

/** Marks what clients read: may only come to say more. */
export const response = mark('response')

/** Marks what lies on disks and in rows: what was written once must stay readable. */
export const stored = mark('stored')

/**
 * Marks an enum that only names things, so that values may be added in a response or an event. Readers pass over
 * values that they do not know. An enum on which readers switch stays closed.
 */
export const open = <S extends z.ZodType>(names: S): S => names.meta({ 'x-open-enum': true })
