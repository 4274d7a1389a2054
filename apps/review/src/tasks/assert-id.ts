import { ReeltagError } from '@reeltag/contracts'
import { z } from 'zod'

/** @throws NOT_FOUND for what cannot be an id, as for an id that nothing has */
export const assertId = (id: string, of: string): void => {
  if (!z.uuid().safeParse(id).success) throw new ReeltagError('NOT_FOUND', `this is not an id of a ${of}`)
}
