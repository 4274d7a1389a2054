export { KeyScope, keyScopes, Scope, ServiceName, serviceNames } from './access.js'
export { ContentAccepted, ContentPage, ContentView, StageView } from './contents/content-view.js'
export { ContentState, Decision, Names, Prediction, StageState, Tag, Versions } from './contents/results.js'
export { AuthorSignals, joinText, Priority, storable, SubmitContent } from './contents/submission.js'
export { FacetPolicy, Publish } from './decisions/policy.js'
export { type ErrorCode, errorCodes, isErrorCode } from './errors/error-codes.js'
export { Problem } from './errors/problem.js'
export { ReeltagError, toReeltagError } from './errors/reeltag-error.js'
export {
  contentFailedV1,
  contentSubmittedV1,
  EventEnvelope,
  events,
  framesSampledV1,
  reviewRequestedV1,
  tagsPredictedV1,
  tagsPublishedV1,
} from './events/events.js'
export { ModelKind, ModelManifest, PackManifest, type TensorSpec } from './packs/manifests.js'
export { type PackFacet, PackManifestV2 } from './packs/manifests-v2.js'
export {
  codesWorthRetrying,
  QueueChanged,
  QueueList,
  QueueName,
  QueueView,
  RerunPage,
  RerunSelection,
  RerunView,
  StartRerun,
} from './pipeline/administration.js'
export {
  defineEvent,
  defineJob,
  type EventData,
  type EventDefinition,
  type JobDefinition,
  type JobOutput,
} from './pipeline/define-job.js'
export { classify, embedFrames, embedText, jobs, judgeShadow, sampleFrames } from './pipeline/jobs.js'
export type { Modality, Pipeline, StageDefinition, StreamDefinition } from './pipeline/define-stage.js'
export { pipeline, readyStages, shadowPipeline, stagesFor } from './pipeline/stages.js'
export { type Mask, maskOf, streamsOf, type StreamStage } from './pipeline/streams.js'
export { ReviewItemView, ReviewPage } from './review/review-item-view.js'
export { open, type Released, type ReleasedKind, releasedSchemas, request, response, stored } from './released.js'
export { reeltagVersion } from './version.js'
