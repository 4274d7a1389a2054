import { Injectable } from '@nestjs/common'
import { CalibrationDocument, PolicyCurves, PolicyDocument, ReeltagError, type Publish } from '@reeltag/contracts'
import { promisesOf } from '@reeltag/decisions'
import { CalibrationsRepository } from '../calibrations/calibrations.repository.js'
import { PackFacets } from '../policies/pack-facets.js'
import { PoliciesRepository } from '../policies/policies.repository.js'
import type { PlotLanguage } from './plot-words.js'
import { reliabilityPlot } from './reliability-plot.js'
import { riskCoveragePlot } from './risk-coverage-plot.js'
import { thresholdsPlot } from './thresholds-plot.js'

/** What of a policy or a calibration is drawn. */
export interface PlotChoice {
  /** The first one unless given. */
  readonly facet?: string | undefined
  /** Streams such as `text+video`; the first ones unless given. */
  readonly mask?: string | undefined
  readonly lang: PlotLanguage
}

/** Draws what was proven and fitted, as SVG. */
@Injectable()
export class PlotsService {
  constructor(
    private readonly policies: PoliciesRepository,
    private readonly calibrations: CalibrationsRepository,
    private readonly packs: PackFacets,
  ) {}

  /** @throws NOT_FOUND of the calibration, or where it has no such facet and mask */
  async reliability(workspaceId: string, id: string, choice: PlotChoice): Promise<string> {
    const row = await this.calibrations.get(workspaceId, id)
    const { report } = CalibrationDocument.parse(row.document)
    const { facet, mask, found } = chosen(row.ref, report, choice)
    const names = await this.namesOf(row.pack, facet, choice.lang)
    return reliabilityPlot({ ref: row.ref, facet: names.facet, mask, report: found, language: choice.lang })
  }

  /** @throws NOT_FOUND of the policy, or where it has no such facet and mask, or where no curve was kept */
  async riskCoverage(workspaceId: string, id: string, choice: PlotChoice): Promise<string> {
    const policy = await this.policies.get(workspaceId, id)
    const curves = PolicyCurves.parse((await this.policies.curves(policy)) ?? {})
    if (Object.keys(curves).length === 0)
      throw new ReeltagError('NOT_FOUND', `${policy.ref} was drafted before curves were kept; draft it again`)
    const { facet, mask, found } = chosen(policy.ref, curves, choice)
    const names = await this.namesOf(policy.pack, facet, choice.lang)
    const promised = promisesOf(PolicyDocument.parse(policy.document))
      .filter((promise) => promise.facet === facet && promise.mask === mask)
      .map(({ group }) => group.error)
    return riskCoveragePlot({
      ref: policy.ref,
      facet: names.facet,
      mask,
      curves: found,
      promised,
      language: choice.lang,
    })
  }

  /** @throws NOT_FOUND of the policy, or where it has no such facet and mask */
  async thresholds(workspaceId: string, id: string, choice: PlotChoice & { readonly rows: number }): Promise<string> {
    const policy = await this.policies.get(workspaceId, id)
    const document = PolicyDocument.parse(policy.document)
    const rules = Object.fromEntries(
      Object.entries(document.facets).map(([facet, { publish }]) => [facet, provenFirst(publish)]),
    )
    const { facet, mask, found } = chosen(policy.ref, rules, choice)
    const names = await this.namesOf(policy.pack, facet, choice.lang)
    return thresholdsPlot({
      ref: policy.ref,
      facet: names.facet,
      mask,
      publish: found,
      nameOf: names.of,
      rowsMax: choice.rows,
      language: choice.lang,
    })
  }

  /** Names of the tree; ids where the pack is not on this disk any more. */
  private async namesOf(pack: string, facet: string, language: PlotLanguage) {
    const facets = await this.packs.of(pack).catch(() => [])
    const tree = facets.find((each) => each.facet.id === facet)?.facet
    const nodes = new Map(tree?.all().map((node) => [node.id, node.names[language]]))
    return { facet: tree?.names[language] ?? facet, of: (node: string): string => nodes.get(node) ?? node }
  }
}

/** What publishes by a promise is drawn unless something else is asked for. */
const provenFirst = (byMask: Readonly<Record<string, Publish>>): Readonly<Record<string, Publish>> =>
  Object.fromEntries(
    Object.entries(byMask).sort(([, a], [, b]) => Number(b.kind === 'certified') - Number(a.kind === 'certified')),
  )

/** @throws NOT_FOUND, with what there is */
const chosen = <T>(
  ref: string,
  byFacet: Readonly<Record<string, Readonly<Record<string, T>>>>,
  choice: PlotChoice,
): { readonly facet: string; readonly mask: string; readonly found: T } => {
  const facet = choice.facet ?? Object.keys(byFacet)[0] ?? ''
  const byMask = Object.hasOwn(byFacet, facet) ? byFacet[facet] : undefined
  if (byMask === undefined)
    throw new ReeltagError('NOT_FOUND', `${ref} has no facet ${facet}; it has ${listOf(Object.keys(byFacet))}`)
  const mask = choice.mask ?? Object.keys(byMask)[0] ?? ''
  const found = Object.hasOwn(byMask, mask) ? byMask[mask] : undefined
  if (found === undefined)
    throw new ReeltagError(
      'NOT_FOUND',
      `${facet} of ${ref} has no streams ${mask}; it has ${listOf(Object.keys(byMask))}`,
    )
  return { facet, mask, found }
}

const listOf = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '))
