export { KeyScope, keyScopes, Role, roleScopes, Scope } from './access.js'
export { AuditEntry, AuditPage } from './accounts/audit-log.js'
export { SessionView, SignInProviders, SignInWithLink } from './accounts/sessions.js'
export { ChangeUser, NewUser, SignInLink, UserPage, UserView } from './accounts/users.js'
export { ContentAccepted, ContentPage, ContentView, StageView } from './contents/content-view.js'
export { ContentHistory } from './contents/history.js'
export { ContentMedia, RenditionState } from './contents/media.js'
export { Origin } from './contents/origin.js'
export { ContentState, Decision, Names, Prediction, StageState, Tag, Versions } from './contents/results.js'
export { AuthorSignals, joinText, Priority, storable, SubmitContent } from './contents/submission.js'
export {
  LabelPage,
  LabelRefusal,
  type LabelResult,
  LabelResults,
  labelsMax,
  LabelSource,
  propensityMin,
  LabelView,
  NewLabel,
  NewLabels,
} from './decisions/labels.js'
export { Calibration } from './decisions/calibration.js'
export {
  CalibrationDocument,
  CalibrationFamily,
  CalibrationPage,
  CalibrationReason,
  CalibrationView,
  FitCalibration,
} from './decisions/calibrations.js'
export { CandidateRule, WantedCandidates } from './decisions/candidates.js'
export { ActivatePolicy, DraftPolicy, PolicyPage, PolicyReplay, PolicyView } from './decisions/policies.js'
export { type CertifiedGroup, FacetPolicy, Publish, type ReviewedGroup } from './decisions/policy.js'
export { PolicyAudits } from './decisions/audits.js'
export { RedecisionPage, RedecisionView, StartRedecision } from './decisions/redecisions.js'
export { PolicyCurves } from './decisions/policy-curves.js'
export { PolicyDocument, PolicyEvidence } from './decisions/policy-document.js'
export { PolicyTarget } from './decisions/policy-target.js'
export {
  CandidateSet,
  NoveltyModel,
  PolicyRouting,
  RoutingCosts,
  RoutingRules,
  RuleHit,
  WantedRouting,
} from './decisions/routing.js'
export { type ErrorCode, errorCodes, isErrorCode } from './errors/error-codes.js'
export { Problem } from './problem.js'
export { ReeltagError, toReeltagError } from './errors/reeltag-error.js'
export { defineEvent, type EventData, type EventDefinition } from './events/define-event.js'
export * from './events/events.js'
export { ModelManifest, PackManifestV1, type TensorSpec } from './packs/manifests.js'
export { type PackFacet, type PackManifest, PackManifestV2 } from './packs/manifests-v2.js'
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
export { fromFloat16Bytes, toFloat16Bytes } from './pipeline/float16.js'
export { defineJob, type JobDefinition } from './pipeline/define-job.js'
export {
  defineStage,
  type Modality,
  type Pipeline,
  type StageDefinition,
  type StageOutput,
  type StreamDefinition,
  type StreamStage,
} from './pipeline/define-stage.js'
export { Embedded, Frames, skipped, Skipped } from './pipeline/outputs.js'
export { readyStages, stagesFor } from './pipeline/ready-stages.js'
export { ServiceName, serviceNames } from './pipeline/services.js'
// Stages and events are tables: a new entry is written there and nowhere else.
export * from './pipeline/stages.js'
export { type Mask, maskOf, modalitiesOf, streamsOf } from './pipeline/streams.js'
export { ItemChange, LiveChange, LiveContent, type LiveEvents } from './review/live.js'
export { type ClaimLoss, ClaimedItems, ClaimItems, ClaimsKept, HeldClaims } from './review/claims.js'
export { ReviewItemView, ReviewPage } from './review/review-item-view.js'
export { ReviewCapacity, ReviewCapacityView, ReviewRouting } from './review/routing.js'
export {
  PutReviewQueue,
  ReviewQueueName,
  ReviewQueueRule,
  ReviewQueues,
  type ReviewQueueView,
} from './review/review-queues.js'
export { ReviewQuality } from './review/quality.js'
export { AddNote, KeepDraft, ReviewDraft, ReviewTaskView } from './review/tasks.js'
export { ChosenTag, NewVerdict, VerdictAction, VerdictPage, VerdictView } from './review/verdicts.js'
export { open, type Released, type ReleasedKind, releasedSchemas, request, response, stored } from './released.js'
export { reeltagVersion } from './version.js'
