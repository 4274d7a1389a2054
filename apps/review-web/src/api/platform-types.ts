// What the routes of the platform answer, from the OpenAPI document.
import type { paths } from './generated/platform.js'

type Json<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : never

/** The body of the answer of a route. */
export type Answer<
  Path extends keyof paths,
  Method extends keyof paths[Path],
  Status extends number = 200,
> = paths[Path][Method] extends { responses: infer Responses }
  ? Status extends keyof Responses
    ? Json<Responses[Status]>
    : never
  : never

export type ContentPage = Answer<'/v1/contents', 'get'>
export type Content = Answer<'/v1/contents/{id}', 'get'>
export type ContentSummary = ContentPage['items'][number]
export type ContentAccepted = Answer<'/v1/contents', 'post', 202>
export type PolicyPage = Answer<'/v1/policies', 'get'>
export type Policy = Answer<'/v1/policies/{id}', 'get'>
export type PolicyAudits = Answer<'/v1/policies/{id}/audits', 'get'>
export type CalibrationPage = Answer<'/v1/calibrations', 'get'>
export type PipelineQueues = Answer<'/v1/admin/queues', 'get'>
export type RerunPage = Answer<'/v1/admin/reruns', 'get'>
export type Routing = Answer<'/v1/review/routing', 'get'>
