/**
 * Splits contents by their hash, so that the same content is always on the same side, however often it was submitted and
 * in whatever order.
 * @param share in [0, 1]: about so many are held out
 */
export const splitByHash = <T extends { readonly contentHash: string }>(
  rows: readonly T[],
  share: number,
): { readonly fit: T[]; readonly heldOut: T[] } => {
  const isHeldOut = ({ contentHash }: T): boolean => fractionOf(contentHash) < share
  return { fit: rows.filter((row) => !isHeldOut(row)), heldOut: rows.filter(isHeldOut) }
}

/** FNV-1a over the code units, with the finaliser of MurmurHash3, as a number in [0, 1). */
const fractionOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
