import type { Blobs } from './blobs/blobs.js'
import type { Config } from './config/config.js'
import type { Database } from './database/database.js'
import type { Health } from './operations/health.js'
import type { Logger } from './operations/logger.js'
import type { Metrics } from './operations/metrics.js'
import type { Tracing } from './tracing/tracing.js'

/** What every service of a process uses. All of it is already open. */
export interface Foundation {
  readonly config: Config
  readonly connectionString: string
  readonly db: Database
  readonly blobs: Blobs
  readonly logger: Logger
  readonly metrics: Metrics
  readonly health: Health
  readonly tracing: Tracing
}
