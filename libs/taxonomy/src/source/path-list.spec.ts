import { describe, expect, it } from '@jest/globals'
import { describeUnless } from '@reeltag/testing'
import fc from 'fast-check'
import fs from 'node:fs'
import path from 'node:path'
import { Taxonomy } from '../taxonomy.js'
import { idsOfPaths } from './path-id.js'
import { pathsOf, readPaths, taxonomyOfPaths } from './path-list.js'
import { readSource } from './read-source.js'
import { writeSource } from './write-source.js'

const treeOf = (text: string) => taxonomyOfPaths(text, 'paths.txt', { name: 'client' })
const lines = (paths: readonly (readonly string[])[], separator = '/'): string[] =>
  paths.map((segments) => segments.join(separator))
const sharedFolder = path.resolve(import.meta.dirname, '../../../../../shared/data/taxonomies')

describe('a list of paths', () => {
  it.each(['/', ' > ', ', ', ' | ', '\t', ' → '])('becomes a tree, whatever separates the names: "%s"', (separator) => {
    const written = [['Animals'], ['Animals', 'Cat'], ['Animals', 'Dog'], ['Food']]
    const { facets } = treeOf(lines(written, separator).join('\r\n'))
    expect(pathsOf(facets[0]!)).toEqual(written)
  })

  it('keeps a separator that stands within names only', () => {
    const names = ['playing rock, paper, scissors', 'abseiling', 'yoga', 'skiing', 'bowling']
    expect(readPaths(names.join('\n'), 'x')).toEqual(names.map((name) => [name]))
  })

  it('adds parents without a line of their own', () => {
    expect(lines(pathsOf(treeOf('a/b/c\nd/e').facets[0]!))).toEqual(['a', 'a/b', 'a/b/c', 'd', 'd/e'])
  })

  it.each([
    ['an empty name', 'a\na//b', 'line 2: a name is empty'],
    ['a path twice', 'a\n\na / b\na/b', 'line 4: a / b is in line 3'],
    ['no path', ' \n', 'there is no path'],
  ])('is refused for %s, with the line', (_, text, message) => {
    expect(() => treeOf(text)).toThrow(message)
    expect(() => treeOf(text)).toThrow(expect.objectContaining({ code: 'TAXONOMY_INVALID' }))
  })

  it('gives ids that hang on their own path alone', () => {
    const paths = [['digital', 'air_conditioner'], ['三农', '农业与农民'], ['二次元', 'JK与制服'], ['Café']]
    const ids = idsOfPaths(paths)
    expect(ids).toEqual([
      'digital-air-conditioner',
      expect.stringMatching(/^n-[0-9a-f]{10}$/),
      expect.stringMatching(/^jk-[0-9a-f]{10}$/),
      'cafe',
    ])
    expect(
      idsOfPaths([...paths, ['三农']].reverse())
        .reverse()
        .slice(0, 4),
    ).toEqual(ids)
    // The ids of a converted tree are stored with labels: another hash would orphan them all.
    expect(idsOfPaths([['三农', '农业与农民']])).toEqual(['n-782603c90a'])
  })

  it('gives two paths with one slug a hash each', () => {
    const ids = idsOfPaths([['a', 'b c'], ['a b', 'c'], ['x']])
    expect(ids).toEqual([expect.stringMatching(/^b-c-[0-9a-f]{10}$/), expect.stringMatching(/^c-[0-9a-f]{10}$/), 'x'])
  })

  it('round-trips: paths → tree → YAML → tree → paths', () => {
    const name = fc
      .stringMatching(/^[a-zA-Z0-9三农业宠物#:'"{}&*! -]{1,12}$/)
      .map((text) => text.trim())
      .filter((text) => text !== '')
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 4 }), {
          minLength: 1,
          maxLength: 30,
          selector: (one) => one.join('/'),
        }),
        (paths) => {
          const source = taxonomyOfPaths(lines(paths).join('\n'), 'x', { name: 'client', separator: '/' })
          const read = readSource(writeSource(source), 'x')
          expect(read).toEqual(source)
          const found = new Set(lines(pathsOf(read.facets[0]!)))
          expect(lines(paths).every((line) => found.has(line))).toBe(true)
          Taxonomy.of(read)
        },
      ),
      { numRuns: 60 },
    )
  })
})

const missing = fs.existsSync(sharedFolder)
  ? undefined
  : 'optional: no public label lists: put them into ../shared/data/taxonomies'

describeUnless(missing, 'public taxonomies', () => {
  it.each([
    ['kuaishou-3-level.txt', 391, 391],
    // 22 lines lack their parent; two of those parents lack theirs.
    ['toutiao-multilevel.txt', 1070, 1094],
    ['kinetics-400.txt', 400, 400],
  ])('%s loads and round-trips: %d paths, %d nodes', (file, paths, nodes) => {
    const text = fs.readFileSync(path.join(sharedFolder, file), 'utf8')
    const given = text.trim().split('\n')
    const read = readSource(writeSource(treeOf(text)), file)
    const [facet] = [...Taxonomy.of(read).facets.values()]
    expect(facet?.all()).toHaveLength(nodes)
    const found = lines(pathsOf(read.facets[0]!))
    expect(given).toHaveLength(paths)
    expect(given.filter((line) => !found.includes(line))).toEqual([])
    expect(lines(readPaths(found.join('\n'), file))).toEqual(found)
  })
})
