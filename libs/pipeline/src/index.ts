export { HandlerRegistry } from './jobs/handler-registry.js'
export { OnJob } from './jobs/on-job.decorator.js'
export { checkRedis } from './queues/check-redis.js'
export { type QueueHold, QueueHolds, type QueueHoldState } from './queues/queue-holds.js'
export { QueueOverview } from './queues/queue-overview.js'
export { type QueueCounts, Queues } from './queues/queues.js'
export { type DecidedResult, predictionEvents } from './predictions/prediction-events.js'
export { type NewPrediction, type NextPrediction, PredictionsRepository } from './predictions/predictions.repository.js'
export { type RerunRow, Reruns } from './reruns/reruns.js'
export { findWorkspace, packInForce } from './rollout/find-workspace.js'
export { ActivePolicies, type ActivePolicy, policyKnownForMs } from './rollout/active-policies.js'
export { WorkspaceKeys } from './rollout/workspace-keys.js'
export type { PackChange } from './rollout/pack-change.js'
export { type PackActivationRow, PackHistory, type WorkspacePacks } from './rollout/pack-history.js'
export { type PackLoad, PackLoads, type ServicePackLoad, type WantedPack } from './rollout/pack-loads.js'
export {
  type Judgement,
  type PackShadow,
  PackShadows,
  type ShadowPair,
  type ShadowProgress,
} from './rollout/pack-shadows.js'
export { CONFIG, HandlersModule, LOGGER, PIPELINE } from './runtime.module.js'
export { createRuntime, type Runtime } from './runtime.js'
export { type PredictionScore, PredictionScores, type ScoresWanted } from './scores/prediction-scores.js'
export { fromScores, type KeptScores, toScores } from './scores/kept-scores.js'
export { fromStored, logitsColumn } from './scores/stored-logits.js'
export { recording, type Recording, type ResultBefore } from './stages/recording.js'
export type { FinishedStage, NewContent, StageKey, StageTask } from './stages/stage-task.js'
export { StageStore } from './stages/stage.store.js'
export { type EmbeddingKey, EmbeddingLedger, type StoredEmbedding } from './streams/embedding-ledger.js'
export { readStreams } from './streams/read-streams.js'
export { applicationOf, type Service } from './service.js'
export { HELD_OPEN, HoldingModule } from './holding.module.js'
