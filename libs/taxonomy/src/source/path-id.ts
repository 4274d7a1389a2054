const idLengthMax = 64
const fnvPrime = 0x100000001b3n
const fnvOffset = 0xcbf29ce484222325n
const digits = 10

/** FNV-1a, 64 bits, of the UTF-8 bytes (Fowler, Noll, Vo). No secret hangs on it: it only has to be the same each time. */
const fnv1a = (text: string): bigint => {
  let hash = fnvOffset
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * fnvPrime)
  return hash
}

/** Ten hexadecimal digits of a path: two of 100,000 paths are the same once in 200 lists. */
export const hashOf = (segments: readonly string[]): string =>
  fnv1a(segments.join('\u0000')).toString(16).padStart(16, '0').slice(-digits)

const slugOf = (segments: readonly string[]): string =>
  segments
    .join(' ')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/** True where the slug says what the path says: no letter of another script was dropped, and nothing was cut. */
const isTold = (segments: readonly string[], id: string): boolean =>
  id.length <= idLengthMax && !segments.some((segment) => /[^\P{L}\p{Script=Latin}]/u.test(segment))

/**
 * Ids of nodes that have only names. An id is made of its own path and of nothing else, so it stays the same when
 * other paths are added, removed or put in another order: `digital/air_conditioner` is `digital-air-conditioner`.
 * Where a name has other letters than Latin ones, what is Latin in the last name is followed by a hash of the path:
 * `n-1f3a…`, `jk-92b0…`. Two paths that would have the same id get the hash as well, both of them.
 * @returns ids in the order of the paths
 */
export const idsOfPaths = (paths: readonly (readonly string[])[]): string[] => {
  const plain = paths.map((segments) => {
    const id = slugOf(segments)
    return id !== '' && isTold(segments, id) ? id : undefined
  })
  const counts = new Map<string, number>()
  for (const id of plain) if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1)
  return paths.map((segments, index) => {
    const id = plain[index]
    if (id !== undefined && counts.get(id) === 1) return id
    const own = slugOf(segments.slice(-1))
      .slice(0, idLengthMax / 2)
      .replace(/-$/, '')
    return `${own === '' ? 'n' : own}-${hashOf(segments)}`
  })
}
