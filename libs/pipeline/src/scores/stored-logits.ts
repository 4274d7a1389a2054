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

/**
 * The logits of some facets, a column each, as base64: a third less to send and twice as fast to read as all of them.
 * @param first number of the parameter that names the first facet; the others follow it
 */
export const facetColumns = (facets: readonly string[], first: number): string =>
  facets
    .map((_, index) => `, encode(s.logits[array_position(s.facets, $${first + index})], 'base64') AS l${index}`)
    .join('')

/** @param row what `facetColumns` selects; a facet that it does not have is left out */
export const fromColumns = (
  facets: readonly string[],
  row: Readonly<Record<`l${number}`, string | null>>,
): Record<string, Float32Array> => {
  const logits: Record<string, Float32Array> = {}
  for (const [index, facet] of facets.entries()) {
    const stored = row[`l${index}`] ?? null
    if (stored !== null) logits[facet] = fromFloat16Bytes(Buffer.from(stored, 'base64'))
  }
  return logits
}
