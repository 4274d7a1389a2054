import { applyDecorators } from '@nestjs/common'
import { ApiQuery } from '@nestjs/swagger'
import { z } from 'zod'
import { decodeCursor, type Cursor } from './cursor.js'

const limitMax = 100
const limitDefault = 20

/** The query parameters of every list, for the schema of its query. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(limitMax).default(limitDefault),
  cursor: z.string().max(500).optional(),
}

/** Describes these parameters in the OpenAPI document. */
export const ApiPageQuery = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({ name: 'cursor', required: false }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: limitMax, default: limitDefault },
    }),
  )

/** The place behind which a page begins; undefined for the first page. @throws CURSOR_INVALID */
export const placeOf = ({ cursor }: { readonly cursor?: string | undefined }): Cursor | undefined =>
  cursor === undefined ? undefined : decodeCursor(cursor)
