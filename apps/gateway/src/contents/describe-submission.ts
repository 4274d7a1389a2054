import { SubmitContent } from '@reeltag/contracts'
import { schemaOf } from '@reeltag/http'
import type { OpenAPIObject } from '@nestjs/swagger'

/** Decorators know one schema for all media types; a submission is parts in one and the bare fields in the other. */
export const describeSubmission = (openApi: OpenAPIObject): void => {
  const submit = openApi.paths['/v1/contents']?.post
  if (submit === undefined) return
  const fields = schemaOf(SubmitContent, 'input')
  const parts = { type: 'object', properties: { content: fields, file: { type: 'string', format: 'binary' } } }
  submit.requestBody = {
    required: true,
    content: { 'multipart/form-data': { schema: parts }, 'application/json': { schema: fields } },
  }
}
