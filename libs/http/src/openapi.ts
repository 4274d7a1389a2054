import { Problem } from '@reeltag/contracts'
import { ApiResponse, type ApiResponseOptions } from '@nestjs/swagger'
import { applyDecorators } from '@nestjs/common'
import { z } from 'zod'

type OpenApiSchema = NonNullable<Extract<ApiResponseOptions, { schema: unknown }>['schema']>

/** A contract as OpenAPI writes it. */
export const schemaOf = (schema: z.ZodType, io: 'input' | 'output' = 'output'): OpenApiSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io,
    unrepresentable: 'any',
  }) as Record<string, unknown>
  return rest as OpenApiSchema
}

/** Documents the problem documents that can come instead of an answer. */
export const Refusals = (...statuses: readonly number[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ...[401, 403, ...statuses].map((status) =>
      ApiResponse({
        status,
        description: 'Problem document (RFC 9457)',
        content: { 'application/problem+json': { schema: schemaOf(Problem) } },
      }),
    ),
  )

/** Documents the answer, and the problem documents that can come instead. */
export const Answers = (
  status: number,
  schema: z.ZodType,
  description: string,
  problems: readonly number[] = [],
): MethodDecorator & ClassDecorator =>
  applyDecorators(ApiResponse({ status, description, schema: schemaOf(schema) }), Refusals(...problems))
