import type { PolicyDocument } from '@reeltag/contracts'
import type { FacetToDecide } from './decide-content.js'

/** A pack's facets as a policy decides on them. A facet that the policy does not name is decided as the pack says. */
export const applyPolicy = (facets: readonly FacetToDecide[], { facets: own }: PolicyDocument): FacetToDecide[] =>
  facets.map((labels) => {
    const { id } = labels.facet
    const policy = Object.hasOwn(own, id) ? own[id] : undefined
    if (policy === undefined) return labels
    const { calibration, candidates, coherence, ...rest } = policy
    return {
      ...labels,
      ...rest,
      ...(calibration === undefined ? {} : { calibration }),
      ...(candidates === undefined ? {} : { candidates }),
      ...(coherence === undefined ? {} : { coherence }),
    }
  })
