import type { FacetToDecide } from '@reeltag/decisions'
import type { KeptScores } from '@reeltag/pipeline'
import { setImmediate } from 'node:timers/promises'
import { decideAnew, type PastResult } from './decide-anew.js'
import type { PastContent } from './past-contents.js'
import { pastOptions, type PolicyOfPast } from './past-facts.js'
import type { NewResult } from './publish-results.js'

/** After so many, others of this process have their turn. */
const atOnce = 50

export interface DecidedBatch {
  readonly changed: readonly NewResult[]
  readonly unchanged: number
  readonly withoutResult: number
  readonly undecidable: Readonly<Record<string, number>>
  /** Contents whose turn comes when they have been tagged. */
  readonly busy: readonly string[]
}

export interface DecidedBy {
  readonly pack: string
  /** `name/number`; undefined: the pack. */
  readonly policy: string | undefined
  readonly facets: readonly FacetToDecide[]
  /** undefined: the pack decides, and has neither rules nor candidate sets. */
  readonly rules?: PolicyOfPast | undefined
}

/** Decides contents anew, without writing anything. */
export const decideBatch = async (contents: readonly PastContent[], by: DecidedBy): Promise<DecidedBatch> => {
  const changed: NewResult[] = []
  const undecidable: Record<string, number> = {}
  const busy: string[] = []
  let [unchanged, withoutResult] = [0, 0]
  for (const [index, content] of contents.entries()) {
    if (index % atOnce === atOnce - 1) await setImmediate()
    // One without a result that nobody decides yet will be decided by what is in force.
    if (content.deciding || (content.busy && content.prediction_id !== null)) busy.push(content.id)
    else if (content.prediction_id === null) withoutResult++
    // What a person said does not change because thresholds do.
    else if (content.reviewed) undecidable['reviewed'] = (undecidable['reviewed'] ?? 0) + 1
    else {
      const past = toPast(content)
      const options = by.rules && (await pastOptions(content, by.facets, by.rules))
      const anew = decideAnew(past, by.pack, by.facets, options)
      if ('undecidable' in anew) undecidable[anew.undecidable] = (undecidable[anew.undecidable] ?? 0) + 1
      else if (anew.decided === undefined || past.scores === undefined) unchanged++
      else changed.push({ content, scores: past.scores, decided: anew.decided, policy: by.policy })
    }
  }
  return { changed, unchanged, withoutResult, undecidable, busy }
}

const toPast = ({ decision, tags, versions, mask, facets, logits }: PastContent): PastResult => ({
  decision,
  tags,
  pack: versions.pack,
  scores: mask === null ? undefined : keptScores(facets, logits),
  mask: mask ?? '',
})

/** @param logits as `logitsColumn` gives them: `\\x` and hexadecimal digits */
const keptScores = (facets: readonly string[], logits: readonly string[]): KeptScores => ({
  facets,
  logits: logits.map((hex) => Buffer.from(hex.slice(2), 'hex')),
})
