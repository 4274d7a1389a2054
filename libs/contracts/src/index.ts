export { reeltagVersion } from './version.js'
export { AuthorSignals, Priority, SubmitContent, joinText, storable } from './submission.js'
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
} from './administration.js'
export { KeyScope, keyScopes, Scope, ServiceName, serviceNames } from './access.js'
export {
  defineEvent,
  defineJob,
  type EventData,
  type EventDefinition,
  type JobDefinition,
  type JobOutput,
} from './definitions.js'
export { errorCodes, isErrorCode, type ErrorCode } from './errors.js'
export { ReeltagError, toReeltagError } from './reeltag-error.js'
export {
  contentFailedV1,
  contentSubmittedV1,
  EventEnvelope,
  events,
  framesSampledV1,
  reviewRequestedV1,
  tagsPredictedV1,
  tagsPublishedV1,
} from './events.js'
export { classify, embedFrames, embedText, jobs, judgeShadow, sampleFrames } from './jobs.js'
export { ModelKind, ModelManifest, PackManifest, type TensorSpec } from './packs.js'
export {
  pipeline,
  readyStages,
  shadowPipeline,
  stagesFor,
  type Modality,
  type Pipeline,
  type StageDefinition,
} from './pipeline.js'
export { ContentState, Decision, Names, Prediction, StageState, Tag, Versions } from './results.js'
export { ContentAccepted, ContentPage, ContentView, Problem, ReviewItemView, ReviewPage, StageView } from './views.js'
export { open, releasedSchemas, request, response, stored, type Released, type ReleasedKind } from './released.js'
