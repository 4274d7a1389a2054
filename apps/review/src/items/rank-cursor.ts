import { ReeltagError } from '@reeltag/contracts'
import { z } from 'zod'

/** A place in a list that is ordered by rank and id. */
export interface RankCursor {
  readonly rank: number
  readonly id: string
}

const Place = z.tuple([z.number(), z.uuid()])

export const encodeRankCursor = ({ rank, id }: RankCursor): string =>
  Buffer.from(JSON.stringify([rank, id])).toString('base64url')

/** @throws CURSOR_INVALID, also for a cursor of the other order */
export const decodeRankCursor = (text: string): RankCursor => {
  try {
    const [rank, id] = Place.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { rank, id }
  } catch (error) {
    throw new ReeltagError('CURSOR_INVALID', 'the cursor is not one of a list by rank', { cause: error })
  }
}
