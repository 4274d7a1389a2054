import { ReeltagError } from '@reeltag/contracts'
import { z } from 'zod'

/** A place in a list that is ordered by time and id, newest first. */
export interface Cursor {
  readonly createdAt: string
  readonly id: string
}

// Postgres knows years that a JavaScript date does not, and the other way round.
const instant = z.iso.datetime().refine((text) => new Date(text).getUTCFullYear() >= 1970)
const Place = z.tuple([instant, z.uuid()])

export const encodeCursor = ({ createdAt, id }: Cursor): string =>
  Buffer.from(JSON.stringify([createdAt, id])).toString('base64url')

/** @throws CURSOR_INVALID */
export const decodeCursor = (text: string): Cursor => {
  try {
    const [createdAt, id] = Place.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { createdAt, id }
  } catch (error) {
    throw new ReeltagError('CURSOR_INVALID', 'the cursor cannot be read', { cause: error })
  }
}

/** Removes the extra row, which only tells whether there is a next page. */
export const toPage = <T extends { createdAt: string; id: string }>(
  rows: readonly T[],
  limit: number,
): { items: T[]; nextCursor: string | null } => {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(last) : null }
}
