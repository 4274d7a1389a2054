import type { CertifiedGroup, PolicyDocument, Publish } from '@reeltag/contracts'
import type { TreeShape } from '../compiled-tree.js'

export type Certified = Extract<Publish, { kind: 'certified' }>

/** One promise of a policy. */
export interface GroupOfPolicy {
  readonly facet: string
  readonly mask: string
  /** Id of a node; null for the contents that no other group has. */
  readonly under: string | null
}

/** By node number, the group whose promise covers a likeliest leaf there; undefined where nothing is published. */
export const groupsByNode = (tree: TreeShape, { groups, toReview = [] }: Certified): (CertifiedGroup | undefined)[] => {
  const byId = new Map<string | null, CertifiedGroup | undefined>(groups.map((group) => [group.under, group]))
  for (const { under } of toReview) byId.set(under, undefined)
  const found: (CertifiedGroup | undefined)[] = []
  // Parents come before their children, so each node finds its parent's group ready.
  tree.ids.forEach((id, node) => {
    const parent = tree.parents[node] ?? -1
    found.push(byId.has(id) ? byId.get(id) : parent < 0 ? byId.get(null) : found[parent])
  })
  return found
}

/** Every group that publishes by a promise. */
export const promisesOf = ({ facets }: PolicyDocument): (GroupOfPolicy & { readonly group: CertifiedGroup })[] =>
  Object.entries(facets).flatMap(([facet, { publish }]) =>
    Object.entries(publish).flatMap(([mask, rule]) =>
      rule.kind === 'certified' ? rule.groups.map((group) => ({ facet, mask, under: group.under, group })) : [],
    ),
  )

/**
 * The policy without one of its promises: the contents of that group go to review. Candidates of these streams are not
 * promised any more, since they were fitted on what went to review before. Nothing else changes.
 * @param because in words
 * @returns undefined where the policy does not publish by this group
 */
export const sendToReview = (
  document: PolicyDocument,
  { facet, mask, under }: GroupOfPolicy,
  because: string,
): PolicyDocument | undefined => {
  const policy = Object.hasOwn(document.facets, facet) ? document.facets[facet] : undefined
  const publish = policy?.publish[mask]
  if (policy === undefined || publish?.kind !== 'certified') return undefined
  const groups = publish.groups.filter((group) => group.under !== under)
  if (groups.length === publish.groups.length) return undefined
  const left: Publish =
    groups.length === 0
      ? { kind: 'never', because }
      : { ...publish, groups, toReview: [...(publish.toReview ?? []), { under, because }] }
  return {
    ...document,
    facets: {
      ...document.facets,
      [facet]: { ...withoutCandidates(policy, mask), publish: { ...policy.publish, [mask]: left } },
    },
  }
}

type FacetOfPolicy = PolicyDocument['facets'][string]

const withoutCandidates = ({ candidates, ...policy }: FacetOfPolicy, mask: string): FacetOfPolicy => {
  const left = Object.entries(candidates ?? {}).filter(([of]) => of !== mask)
  return left.length === 0 ? policy : { ...policy, candidates: Object.fromEntries(left) }
}
