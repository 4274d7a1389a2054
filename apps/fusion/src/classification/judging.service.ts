import { Inject, Injectable } from '@nestjs/common'
import {
  fromFloat16Bytes,
  maskOf,
  modalitiesOf,
  type Mask,
  type Modality,
  type Pipeline,
  type Versions,
} from '@reeltag/contracts'
import { decideContent, type Decided } from '@reeltag/decisions'
import { PackServer, type Stream } from '@reeltag/inference'
import { PackLabelsReader } from '@reeltag/packs'
import {
  ActivePolicies,
  EmbeddingLedger,
  fromScores,
  PIPELINE,
  readStreams,
  toScores,
  type KeptScores,
  type StageTask,
} from '@reeltag/pipeline'
import { ContentFacts } from './content-facts.js'
import { PolicyFacets } from './policy-facets.js'

export interface Judgement {
  readonly decided: Decided
  /** What it was decided from. */
  readonly scores: KeptScores
  /** The streams that were present. */
  readonly mask: Mask
  readonly versions: Versions
  readonly modalities: readonly Modality[]
}

/** Applies the pack of a task to the embeddings of the earlier stages. */
@Injectable()
export class JudgingService {
  private readonly policyFacets = new PolicyFacets()

  constructor(
    private readonly packs: PackServer,
    private readonly labels: PackLabelsReader,
    private readonly ledger: EmbeddingLedger,
    private readonly policies: ActivePolicies,
    private readonly facts: ContentFacts,
    @Inject(PIPELINE) private readonly pipeline: Pipeline,
  ) {}

  async judge(task: StageTask): Promise<Judgement> {
    const [labels, head, streams, active] = await Promise.all([
      this.labels.of(task.pack),
      this.packs.head(task.pack),
      this.readStreams(task),
      this.policies.of(task.workspaceId),
    ])
    const deciding = this.policyFacets.of(task.pack, labels.facets, active)
    const { facets, policy, rules } = deciding
    const versions = policy === undefined ? labels.versions : { ...labels.versions, policy: policy.ref }
    const modalities = modalitiesOf(this.pipeline, streams.keys())
    const mask = maskOf(streams.keys())
    const scores = toScores(
      facets.map(({ facet }) => facet.id),
      await head.score(streams, task.signal),
    )
    // From the rounded logits, so that whoever decides again from those that are kept comes to the same.
    const logits = fromScores(scores)
    const facts = rules && (await this.facts.of(deciding, { task, head, streams, mask, logits }))
    const unit = deciding.drawsCandidates ? await this.facts.unitOf(task) : undefined
    const decided = decideContent(facets, logits, mask, {
      ...(unit === undefined ? {} : { unit }),
      ...(facts === undefined ? {} : { rules, facts }),
    })
    return { decided, scores, mask, versions, modalities }
  }

  private async readStreams(task: StageTask): Promise<ReadonlyMap<string, Stream>> {
    const stored = await readStreams(task, this.ledger, this.pipeline)
    return new Map(
      [...stored].map(([name, embedding]) => [name, { ...embedding, vectors: fromFloat16Bytes(embedding.vectors) }]),
    )
  }
}
