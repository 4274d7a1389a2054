import { attributeNames, spanNames } from './trace-names.js'
import type { Tracing } from './tracing.js'

/**
 * How the inference room, which knows nothing of this one, has its runs traced. One run serves several contents: its
 * span stands in the trace of the first, and is linked to the others.
 */
export const runTracing = (tracing: Tracing) => ({
  causeOf: () => tracing.current(),
  onRun: (model: string, rows: number, seconds: number, causes: readonly string[]): void => {
    const [parent, ...links] = causes
    if (parent === undefined) return
    const attributes = { [attributeNames.model]: model, [attributeNames.rows]: rows }
    tracing.record(spanNames.infer(model), { parent, links, startedMsAgo: seconds * 1_000, attributes })
  },
})
