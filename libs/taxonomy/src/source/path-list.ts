import { levelsMax, tooDeepMessage } from './depth.js'
import { refuse } from './read-yaml.js'
import { idsOfPaths } from './path-id.js'
import type { FacetSource, NodeSource, TaxonomySource } from './schema.js'

const separators = ['/', '>', '→', '|', '\t', ',', '，'] as const

interface Line {
  readonly number: number
  readonly segments: readonly string[]
}

export interface PathListOptions {
  /** Of the taxonomy; a slug. */
  readonly name: string
  /** Default 1. */
  readonly version?: number
  readonly facet?: Pick<FacetSource, 'id' | 'kind' | 'names'>
  /** What stands between names; found in the text by default. `''` where no name is split. */
  readonly separator?: string
}

const defaultFacet = { id: 'category', kind: 'single', names: { zh: '类目', en: 'Category' } } as const

/**
 * A taxonomy of one facet from a list of paths, one a line, each from the root to a node. Parents that have no line of
 * their own are added. Blank lines are passed over. Each name stands for both languages; `lint` lists those that still
 * have to be translated. Ids: see `idsOfPaths`.
 * @throws TAXONOMY_INVALID with the lines: an empty name within a path, a path twice, more than 64 levels, no path at all
 */
export const taxonomyOfPaths = (text: string, origin: string, options: PathListOptions): TaxonomySource => {
  const { name, version = 1, facet = defaultFacet } = options
  const nodes = growTree(readPaths(text, origin, options.separator))
  return { format: 1, name, version, facets: [{ ...facet, names: { ...facet.names }, nodes }] }
}

/**
 * The paths of a list, as they are written there.
 * @throws TAXONOMY_INVALID
 */
export const readPaths = (text: string, origin: string, separator?: string): string[][] => {
  const given = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
  const between = separator ?? findSeparator(given.map(({ line }) => line))
  const lines = given.map(({ line, number }) => ({
    number,
    segments: (between === '' ? [line] : line.split(between)).map((segment) => segment.trim()),
  }))
  refuse('TAXONOMY_INVALID', origin, lines.length === 0 ? ['there is no path: give one a line'] : faultsOf(lines))
  return lines.map(({ segments }) => [...segments])
}

/** All paths of a facet by names, parents before their children: what `readPaths` reads. */
export const pathsOf = ({ nodes }: Pick<FacetSource, 'nodes'>, language: 'en' | 'zh' = 'zh'): string[][] =>
  nodes.flatMap(({ names, children }) => [
    [names[language]],
    ...pathsOf({ nodes: children ?? [] }, language).map((path) => [names[language], ...path]),
  ])

/**
 * The separator by which most lines have their parent listed too, or else the one that half of the lines have. Names
 * may have a comma or a slash within them, so that a separator occurs is not enough.
 */
const findSeparator = (lines: readonly string[]): string => {
  const listed = new Set(lines)
  const scored = separators.map((separator) => {
    const split = lines.filter((line) => line.includes(separator))
    const nested = split.filter((line) => listed.has(line.slice(0, line.lastIndexOf(separator)).trim()))
    return { separator, split: split.length, nested: nested.length }
  })
  const best = scored.reduce((one, other) =>
    other.nested > one.nested || (other.nested === one.nested && other.split > one.split) ? other : one,
  )
  return best.nested > 0 || best.split * 2 >= lines.length ? best.separator : ''
}

const keyOf = (segments: readonly string[]): string => segments.join('\u0000')

const faultsOf = (lines: readonly Line[]): string[] => {
  const first = new Map<string, number>()
  return lines.flatMap(({ number, segments }) => {
    if (segments.includes('')) return [`line ${number}: a name is empty: remove the separator, or name the level`]
    if (segments.length > levelsMax) return [`line ${number}: ${tooDeepMessage(segments.length)}`]
    const earlier = first.get(keyOf(segments))
    if (earlier !== undefined) return [`line ${number}: ${segments.join(' / ')} is in line ${earlier}: remove one`]
    first.set(keyOf(segments), number)
    return []
  })
}

const growTree = (paths: readonly (readonly string[])[]): NodeSource[] => {
  const all = new Map<string, readonly string[]>()
  for (const path of paths)
    for (const depth of path.keys()) all.set(keyOf(path.slice(0, depth + 1)), path.slice(0, depth + 1))
  const segments = [...all.values()]
  const ids = idsOfPaths(segments)
  const nodes = new Map<string, NodeSource>()
  const roots: NodeSource[] = []
  for (const [index, path] of segments.entries()) {
    const name = path.at(-1) ?? ''
    const node: NodeSource = { id: ids[index] ?? '', names: { zh: name, en: name } }
    nodes.set(keyOf(path), node)
    const parent = nodes.get(keyOf(path.slice(0, -1)))
    if (parent === undefined) roots.push(node)
    else (parent.children ??= []).push(node)
  }
  return roots
}
