export { type BlobAddress, parseBlobAddress } from './blobs/blob-address.js'
export { type BlobRole, Blobs, openBlobs } from './blobs/blobs.js'
export { type Config, Environment, loadConfig, resolveUserPath } from './config/config.js'
export type { KafkaConfig } from './config/kafka-config.js'
export type { QueueRate } from './config/queue-settings.js'
export { Database, type Transaction, type TransactionOptions } from './database/database.js'
export {
  type EmbeddedPostgres,
  openEmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from './database/embedded-postgres.js'
export { newId } from './database/ids.js'
export { assertSchema, deployMigrations, type Migration, readMigrations } from './database/migrations.js'
export { isOutage } from './database/outage.js'
export { type EmbeddingKey, EmbeddingLedger, type StoredEmbedding } from './embedding-ledger.js'
export { openPool } from './open-pool.js'
export { Health, type HealthReport } from './operations/health.js'
export { toListenError } from './operations/listen-error.js'
export { createLogger, type LogConfig, type Logger, NestLogger } from './operations/logger.js'
export { Metrics } from './operations/metrics.js'
export { OperationsServer } from './operations/operations-server.js'
export { waitForServer, type WaitOptions } from './operations/wait-for-server.js'
export type { PackChange } from './packs/pack-change.js'
export { type PackActivationRow, PackHistory, type WorkspacePacks } from './packs/pack-history.js'
export { type PackLoad, PackLoads, type ServicePackLoad, type WantedPack } from './packs/pack-loads.js'
export {
  type Judgement,
  type PackShadow,
  PackShadows,
  type ShadowPair,
  type ShadowProgress,
} from './packs/pack-shadows.js'
export { settlesWithin } from './settles-within.js'
export { openTracing, type TracingConfig } from './tracing/open-tracing.js'
export { runTracing } from './tracing/run-tracing.js'
export { attributeNames, spanNames } from './tracing/trace-names.js'
export { newTraceparent, parseTraceparent, traceIdOf } from './tracing/traceparent.js'
export { SilentTracing, type Span, type SpanOptions, Tracing } from './tracing/tracing.js'
