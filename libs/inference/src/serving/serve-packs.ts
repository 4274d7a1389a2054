import { PackServer } from './pack-server.js'
import type { InferenceOptions } from '../sessions/model-session.js'
import type { PackFolders } from '@reeltag/packs'

interface Observations {
  observe(labels: { model: string }, value: number): void
}

interface HistogramSource {
  histogram(name: string, help: string, labelNames: readonly string[], buckets?: readonly number[]): Observations
}

/** Where runs are traced. */
interface RunTracing {
  /** What asks for rows just now. */
  readonly causeOf: () => string | undefined
  readonly onRun: (model: string, rows: number, seconds: number, causes: readonly string[]) => void
}

const bucketsRows = [1, 2, 4, 8, 16, 32, 64, 128]

/** A pack server whose runs are counted in `reeltag_batch_size` and timed in `reeltag_inference_duration_seconds`. */
export const servePacks = (
  options: PackFolders & Omit<InferenceOptions, 'onBatch' | 'causeOf'>,
  metrics: HistogramSource,
  tracing: RunTracing,
): PackServer => {
  const sizes = metrics.histogram('reeltag_batch_size', 'Rows that one run of a model took', ['model'], bucketsRows)
  const durations = metrics.histogram('reeltag_inference_duration_seconds', 'Time of one run of a model', ['model'])
  const onBatch = (model: string, rows: number, seconds: number, causes: readonly string[]): void => {
    sizes.observe({ model }, rows)
    durations.observe({ model }, seconds)
    tracing.onRun(model, rows, seconds, causes)
  }
  return new PackServer(options, { ...options, onBatch, causeOf: tracing.causeOf })
}
