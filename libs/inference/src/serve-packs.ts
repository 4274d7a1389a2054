import { PackServer } from './pack-server.js'
import type { InferenceOptions } from './model-session.js'
import type { PackFolders } from './pack.js'

interface BatchSizes {
  observe(labels: { model: string }, rows: number): void
}

interface HistogramSource {
  histogram(name: string, help: string, labelNames: readonly string[], buckets: readonly number[]): BatchSizes
}

const bucketsRows = [1, 2, 4, 8, 16, 32, 64, 128]

/** A pack server whose batches are counted in `reeltag_batch_size`. */
export const servePacks = (options: PackFolders & Omit<InferenceOptions, 'onBatch'>, metrics: HistogramSource): PackServer => {
  const sizes = metrics.histogram('reeltag_batch_size', 'Rows that one run of a model took', ['model'], bucketsRows)
  return new PackServer(options, { ...options, onBatch: (model, rows) => sizes.observe({ model }, rows) })
}
