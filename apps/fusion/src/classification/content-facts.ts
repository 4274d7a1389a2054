import { Inject, Injectable } from '@nestjs/common'
import { Frames, maskOf, sampleFrames, type Mask } from '@reeltag/contracts'
import { disagreementOf, noveltyOf, unitOf, type ItemFacts } from '@reeltag/decisions'
import type { FusionHead, Stream } from '@reeltag/inference'
import { WorkspaceKeys, type StageTask } from '@reeltag/pipeline'
import { Database, Metrics } from '@reeltag/platform'
import type { Deciding } from './policy-facets.js'

/** What is at hand when a content is decided. */
export interface AtHand {
  readonly task: StageTask
  readonly head: Pick<FusionHead, 'score' | 'takes'>
  readonly streams: ReadonlyMap<string, Stream>
  readonly mask: Mask
  readonly logits: Readonly<Record<string, ArrayLike<number>>>
}

type Facts = Omit<ItemFacts, 'nodes'>

/** Finds out what a policy needs to know of a content beside its scores, and nothing that it does not need. */
@Injectable()
export class ContentFacts {
  private readonly unknown

  constructor(
    @Inject(Database) private readonly db: Pick<Database, 'query'>,
    private readonly keys: WorkspaceKeys,
    metrics: Metrics,
  ) {
    this.unknown = metrics.counter(
      'reeltag_rule_facts_unknown_total',
      'Contents of which a rule of the policy needs what is not known, so that it did not fire',
      ['rule'],
    )
  }

  async of({ facets, policy, rules = {} }: Deciding, at: AtHand): Promise<Facts> {
    const novelty = policy?.document.routing?.novelty?.[at.mask]
    const found: [rule: string, name: keyof Facts, value: number | undefined][] = []
    if (rules.authorContentsMin !== undefined)
      found.push(['new-author', 'authorContents', await this.contentsBefore(at.task, rules.authorContentsMin)])
    if (rules.noveltyMax !== undefined)
      found.push(['novelty', 'novelty', novelty === undefined ? undefined : noveltyOf(novelty, at.logits)])
    // One stream cannot disagree with itself: that is known, and no rule needs more.
    if (rules.disagreementMax !== undefined && at.streams.size > 1)
      found.push(['disagreement', 'disagreement', disagreementOf(facets, await scoresAlone(at))])
    if (rules.framesDamagedMax !== undefined && at.task.video !== null)
      found.push(['frames-damaged', 'framesDamaged', damagedShare(at.task)])
    for (const [rule, , value] of found) if (value === undefined) this.unknown.inc({ rule })
    return Object.fromEntries(found.flatMap(([, name, value]) => (value === undefined ? [] : [[name, value]])))
  }

  /** The content's random number: the same whenever it is decided, so that what reviewers see does not flicker. */
  async unitOf({ workspaceId, contentId }: StageTask): Promise<number> {
    return unitOf(await this.keys.candidateHash(workspaceId, contentId))
  }

  /** Of the same author, accepted before this content; counted no further than the rule needs. */
  private async contentsBefore(
    { workspaceId, contentId, submission }: StageTask,
    enough: number,
  ): Promise<number | undefined> {
    const author = submission.author?.authorId
    if (author === undefined) return undefined
    const [row] = await this.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM (
         SELECT 1 FROM contents
         WHERE workspace_id = $1 AND submission->'author'->>'authorId' = $2 AND id < $3 LIMIT $4) before`,
      [workspaceId, author, contentId, enough],
    )
    return row?.n
  }
}

const damagedShare = ({ outputs }: StageTask): number | undefined => {
  const sampled = Frames.safeParse(outputs[sampleFrames.stage])
  return sampled.success ? sampled.data.damaged : undefined
}

const scoresAlone = async ({
  head,
  streams,
  task,
}: AtHand): Promise<ReadonlyMap<Mask, Readonly<Record<string, ArrayLike<number>>>>> => {
  const taken = [...streams].filter(([name]) => head.takes(name))
  const scored = taken.map(async ([name, stream]) => {
    const logits = await head.score(new Map([[name, stream]]), task.signal)
    return [maskOf([name]), logits] as const
  })
  return new Map(await Promise.all(scored))
}
