import { fromFloat16Bytes } from '@reeltag/contracts'

/**
 * How the logits of `prediction_scores s` are selected: as JSON, which Node parses several times faster than the driver
 * parses an array of bytes.
 */
export const logitsColumn = 'array_to_json(s.logits) AS logits'

/** @param logits of each facet, as `logitsColumn` gives them: `\\x` and hexadecimal digits */
export const fromStored = (facets: readonly string[], logits: readonly string[]): Record<string, Float32Array> =>
  Object.fromEntries(
    facets.map((facet, index) => [facet, fromFloat16Bytes(Buffer.from(logits[index]?.slice(2) ?? '', 'hex'))]),
  )
