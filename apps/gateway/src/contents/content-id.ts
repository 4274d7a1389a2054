import { ReeltagError } from '@reeltag/contracts'
import { z } from 'zod'

/** The id of a content in a path. @throws NOT_FOUND for what cannot be one */
export const contentIdOf = (id: string): string => {
  if (!z.uuid().safeParse(id).success) throw new ReeltagError('NOT_FOUND', 'this is not a content id')
  return id
}
