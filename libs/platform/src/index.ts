export { Blobs, openBlobs, type BlobRole } from './blobs/blobs.js'
export { parseBlobAddress, type BlobAddress } from './blobs/blob-address.js'
export { Environment, loadConfig, resolveUserPath, type Config } from './config.js'
export { Database, type Transaction, type TransactionOptions } from './database.js'
export {
  openEmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
  type EmbeddedPostgres,
} from './embedded-postgres.js'
export { EmbeddingLedger, type EmbeddingKey, type StoredEmbedding } from './embedding-ledger.js'
export { Health, type HealthReport } from './health.js'
export { newId } from './ids.js'
export type { KafkaConfig } from './kafka-config.js'
export { createLogger, NestLogger, type LogConfig, type Logger } from './logger.js'
export { Metrics } from './metrics.js'
export { openTracing, type TracingConfig } from './tracing/open-tracing.js'
export { runTracing } from './tracing/run-tracing.js'
export { attributeNames, spanNames } from './tracing/trace-names.js'
export { newTraceparent, parseTraceparent, traceIdOf } from './tracing/traceparent.js'
export { SilentTracing, Tracing, type Span, type SpanOptions } from './tracing/tracing.js'
export { toListenError } from './listen-error.js'
export { openPool } from './open-pool.js'
export { OperationsServer } from './operations-server.js'
export { settlesWithin } from './settles-within.js'
export { waitForServer, type WaitOptions } from './wait-for-server.js'
export { assertSchema, deployMigrations, readMigrations, type Migration } from './migrations.js'
export type { PackChange } from './packs/pack-change.js'
export { PackHistory, type PackActivationRow, type WorkspacePacks } from './packs/pack-history.js'
export { PackLoads, type PackLoad, type ServicePackLoad, type WantedPack } from './packs/pack-loads.js'
export {
  PackShadows,
  type Judgement,
  type PackShadow,
  type ShadowPair,
  type ShadowProgress,
} from './packs/pack-shadows.js'
export type { QueueRate } from './queue-settings.js'
export { isOutage } from './outage.js'
