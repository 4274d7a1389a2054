import { describe, expect, it } from '@jest/globals'
import { lintTaxonomy } from '../lint/lint.js'
import { LabelMapping } from '../mapping/label-mapping.js'
import { Taxonomy } from '../taxonomy.js'
import { diffTaxonomies } from '../versions/diff.js'
import { draftMigration } from '../versions/draft-migration.js'
import { levelsMax } from './depth.js'
import { taxonomyOfPaths } from './path-list.js'
import { readSource } from './read-source.js'
import type { NodeSource, TaxonomySource } from './schema.js'
import { writeSource } from './write-source.js'

/** One branch of so many levels. */
const chain = (levels: number): TaxonomySource => {
  const names = (level: number) => ({ zh: `层${level}`, en: `level ${level}` })
  let node: NodeSource = { id: `n${levels}`, names: names(levels) }
  for (let level = levels - 1; level > 0; level--) node = { id: `n${level}`, names: names(level), children: [node] }
  const facet = { id: 'category', kind: 'single' as const, names: { zh: '类目', en: 'Category' }, nodes: [node] }
  return { format: 1, name: 'deep', version: 1, facets: [facet] }
}

/** The same as text: made by hand, because the writer refuses what is too deep. JSON is YAML. */
const textOf = (levels: number, open = '{"id":"n#","names":{"zh":"层#","en":"level #"},"children":['): string => {
  const opened = Array.from({ length: levels - 1 }, (_, level) => open.replaceAll('#', String(level)))
  const leaf = '{"id":"leaf","names":{"zh":"叶","en":"leaf"}}'
  const nodes = `[${opened.join('\n')}${leaf}${']}'.repeat(levels - 1)}]`
  return `{"format":1,"name":"deep","version":1,"facets":[{"id":"category","kind":"single","names":{"zh":"类","en":"c"},"nodes":${nodes}}]}`
}

/** Block style, one level a line. */
const blockOf = (levels: number): string => {
  const lines = Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:`)
  return lines.join('\n')
}

const invalid = (message: RegExp) =>
  expect.objectContaining({ code: 'TAXONOMY_INVALID', message: expect.stringMatching(message) })

describe('the depth of a tree', () => {
  it('may be 64 levels, for everything that reads, writes or compares trees', () => {
    const source = chain(levelsMax)
    expect(Taxonomy.of(source).facet('category').leaves).toHaveLength(1)
    expect(readSource(writeSource(source), 'deep.yaml')).toEqual(source)
    expect(readSource(textOf(levelsMax), 'deep.yaml').name).toBe('deep')
    expect(lintTaxonomy(textOf(levelsMax)).filter(({ severity }) => severity === 'error')).toEqual([])
    expect(diffTaxonomies(source, source).changed).toEqual([])
    const path = Array.from({ length: levelsMax }, (_, level) => `n${level}`).join('/')
    expect(taxonomyOfPaths(path, 'paths.txt', { name: 'deep', separator: '/' }).facets).toHaveLength(1)
  })

  it.each([levelsMax + 1, 120, 3_000, 20_000])('is refused at %i levels, and no stack overflows', (levels) => {
    const [shallow, deep] = [chain(1), chain(levels)]
    const told = invalid(/64 levels at most, and this is level 65: make the branch flatter/)
    expect(() => Taxonomy.of(deep)).toThrow(told)
    expect(() => writeSource(deep)).toThrow(told)
    expect(() => diffTaxonomies(shallow, deep)).toThrow(told)
    expect(() => diffTaxonomies(deep, shallow)).toThrow(told)
    expect(() => draftMigration(deep, shallow)).toThrow(told)
    const path = Array.from({ length: levels }, (_, level) => `n${level}`).join('/')
    const list = () => taxonomyOfPaths(`ok\n${path}`, 'paths.txt', { name: 'deep', separator: '/' })
    expect(list).toThrow(invalid(new RegExp(`line 2: .*64 levels.*level ${levels}`)))
    const text = textOf(levels)
    expect(() => readSource(text, 'deep.yaml')).toThrow(invalid(/line \d+: .*at most.*flatter/))
    expect(lintTaxonomy(text)).toEqual([expect.objectContaining({ rule: 'too-deep', severity: 'error' })])
  })

  it('has its line in the refusal', () => {
    expect(() => readSource(textOf(levelsMax + 2), 'deep.yaml')).toThrow(invalid(/line 65: .*level 65/))
  })
})

describe('hostile YAML', () => {
  const readers = {
    tree: (text: string) => readSource(text, 'x.yaml'),
    mapping: (text: string) => LabelMapping.parse(text, 'x.yaml', Taxonomy.of(chain(1))),
  }
  it.each(Object.entries(readers))('is refused with its reason by the reader of a %s', (_, read) => {
    const refusal = (text: string): string => {
      try {
        read(text)
      } catch (error) {
        return (error as Error).message
      }
      throw new Error('it was read')
    }
    for (const nested of ['['.repeat(100_000), '- '.repeat(20_000), '{a: '.repeat(50_000), blockOf(3_000)])
      expect(refusal(nested)).toMatch(/within each other 256 times at most/)
    expect(refusal(`a: &a [1]\nb: &b [${'*a, '.repeat(9)}]\nc: [${'*b, '.repeat(9)}]`)).toMatch(/alias/)
    expect(refusal('a'.repeat(16 * 1_024 * 1_024 + 1))).toMatch(/16777217 characters, more than 16777216: split it/)
  })
})
