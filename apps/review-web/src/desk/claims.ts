import type { Claim } from '../api/review-types.js'

export interface Loss {
  readonly itemId: string
  readonly title: string
  readonly because: string
}

/**
 * Adds what the server hands out behind what is here. What is here keeps its place, with the newer token and lease.
 * @param gone decided here; the server may not know it yet
 */
export const addFresh = (
  before: readonly Claim[],
  fresh: readonly Claim[],
  gone: ReadonlySet<string>,
): readonly Claim[] => {
  const byId = new Map(fresh.map((claim) => [claim.item.id, claim]))
  const kept = before.map((claim) => byId.get(claim.item.id) ?? claim)
  const known = new Set(before.map(({ item }) => item.id))
  return [...kept, ...fresh.filter(({ item }) => !known.has(item.id))].filter(({ item }) => !gone.has(item.id))
}

export const without = (claims: readonly Claim[], itemId: string): readonly Claim[] =>
  claims.filter(({ item }) => item.id !== itemId)

/** After a heartbeat: longer leases, and nothing that is lost. What the answer does not name stays. */
export const keepHeld = (
  before: readonly Claim[],
  held: readonly { readonly itemId: string; readonly leaseUntil: string }[],
  lost: readonly { readonly itemId: string }[],
): readonly Claim[] =>
  before
    .filter(({ item }) => !lost.some(({ itemId }) => itemId === item.id))
    .map((claim) => {
      const { leaseUntil } = held.find(({ itemId }) => itemId === claim.item.id) ?? claim
      return { ...claim, leaseUntil }
    })
