import { ReeltagError } from '@reeltag/contracts'
import { z } from 'zod'

/**
 * The id in a path.
 * @param of whose id it is, such as `content`
 * @throws NOT_FOUND for what cannot be an id, as for an id that nothing has
 */
export const idOf = (id: string, of: string): string => {
  if (!z.uuid().safeParse(id).success) throw new ReeltagError('NOT_FOUND', `this is not a ${of} id`)
  return id
}
