import { describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import path from 'node:path'
import { lineage, pathOf } from './facet.js'
import { Taxonomy } from './taxonomy.js'

const yaml = `
format: 1
name: tiny
version: 3
facets:
- id: subject
  kind: single
  names: {zh: 主题, en: Subject}
  nodes:
  - id: animals
    names: {zh: 动物, en: Animals}
    children:
    - {id: cat, names: {zh: 猫, en: Cat}, synonyms: {zh: [小猫]}}
    - {id: dog, names: {zh: 狗, en: Dog}}
  - {id: food, names: {zh: 食物, en: Food}}
`
const refused = (text: string) => expect(() => Taxonomy.parse(text, 'tiny.yaml'))

describe('Taxonomy', () => {
  it('knows every node by its path, in both languages', () => {
    const facet = Taxonomy.parse(yaml, 'tiny.yaml').facet('subject')
    expect(pathOf(facet.node('cat'))).toBe('animals/cat')
    expect(lineage(facet.node('cat')).map(({ names }) => names.zh)).toEqual(['动物', '猫'])
    expect(facet.leaves.map(({ id }) => id)).toEqual(['cat', 'dog', 'food'])
  })

  it.each([
    [
      'a missing name',
      yaml.replace('{zh: 狗, en: Dog}', '{zh: 狗}'),
      'line 14: facets[0].nodes[0].children[1].names.en',
    ],
    [
      'a template without a place for the name',
      yaml.replace('  nodes:', '  templates: {zh: [视频]}\n  nodes:'),
      'line 9: facets[0].templates.zh[0] must hold {} once',
    ],
    [
      'a blank name',
      yaml.replace('en: Cat', 'en: " "'),
      'line 13: facets[0].nodes[0].children[0].names.en must not be blank',
    ],
    [
      'an unknown field',
      yaml.replace('synonyms:', 'synonym:'),
      'line 13: facets[0].nodes[0].children[0].synonym is unknown here',
    ],
    [
      'an id twice',
      yaml.replace('id: food', 'id: cat'),
      'line 15: facets[0].nodes[1].id "cat" is taken by facets[0].nodes[0].children[0]',
    ],
    [
      'an id that is no slug',
      yaml.replace('id: dog', 'id: a/b'),
      'line 14: facets[0].nodes[0].children[1].id must be a slug',
    ],
    [
      'an id of every prototype',
      yaml.replace('id: dog', 'id: __proto__'),
      'line 14: facets[0].nodes[0].children[1].id must be a slug',
    ],
    ['a field of every prototype', yaml.replace('synonyms: {zh: [小猫]}', '__proto__: {kind: multi}'), '"__proto__"'],
    [
      'a group without nodes',
      yaml.replace('en: Food}', 'en: Food}, children: []'),
      'line 15: facets[0].nodes[1].children is empty',
    ],
    [
      'a template with two places for the name',
      yaml.replace('  nodes:\n', '  templates: {zh: ["{}和{}"]}\n  nodes:\n'),
      'line 9: facets[0].templates.zh[0] must hold {} once',
    ],
    [
      'a facet without nodes',
      `${yaml.slice(0, yaml.indexOf('  nodes:'))}  nodes: []\n`,
      'line 9: facets[0].nodes is empty',
    ],
    ['a taxonomy without facets', `${yaml.slice(0, yaml.indexOf('facets:'))}facets: []\n`, 'line 5: facets is empty'],
    ['a version that is no number from 1', yaml.replace('version: 3', 'version: 0'), 'line 4: version'],
    ['an unknown kind', yaml.replace('kind: single', 'kind: some'), 'line 7: facets[0].kind'],
    ['an unknown format', yaml.replace('format: 1', 'format: 2'), 'line 2: format'],
    [
      'a field twice',
      yaml.replace('  kind: single', '  kind: single\n  kind: multi'),
      'line 8: Map keys must be unique',
    ],
    ['broken YAML', yaml.replace('kind: single', 'kind: ['), 'line '],
    ['an empty file', '', 'line 1: the file'],
    [
      'a facet twice',
      yaml + yaml.slice(yaml.indexOf('- id: subject')),
      'line 16: facets[1].id "subject" is taken by facets[0]',
    ],
  ])('names file, line and place of %s', (_, text, expected) => {
    refused(text).toThrow('tiny.yaml:')
    refused(text).toThrow(expected)
  })

  it('lists every fault at once', () => {
    const faulty = yaml.replace('{zh: 猫, en: Cat}', '{zh: 猫}').replace('{zh: 狗, en: Dog}', '{en: Dog}')
    refused(faulty).toThrow(/names\.en[^]*names\.zh/)
  })

  it('refuses aliases, which can grow a small file into gigabytes or put a node under itself', () => {
    const shared = yaml
      .replace('{zh: 动物, en: Animals}', '&a {zh: 动物, en: Animals}')
      .replace('{zh: 食物, en: Food}', '*a')
    refused(shared).toThrow('line 15: *a is an alias')
    refused(yaml.replace('    children:', '    children: &c').replace('en: Dog}', 'en: Dog}, children: *c')).toThrow(
      '*c is an alias',
    )
  })

  it('finds only what was written, not what every object inherits', () => {
    const taxonomy = Taxonomy.parse(yaml.replace('id: dog', 'id: constructor'), 'tiny.yaml')
    expect(pathOf(taxonomy.facet('subject').node('constructor'))).toBe('animals/constructor')
    expect(() => taxonomy.facet('subject').node('toString')).toThrow('has no node toString')
    expect(() => taxonomy.facet('constructor')).toThrow('has no facet constructor; it has subject')
  })

  it('makes everything under a sensitive node sensitive', () => {
    const facet = Taxonomy.parse(yaml.replace('en: Animals}', 'en: Animals}\n    sensitive: true'), 'tiny.yaml').facet(
      'subject',
    )
    expect(
      facet
        .all()
        .filter(({ sensitive }) => sensitive)
        .map(({ id }) => id),
    ).toEqual(['animals', 'cat', 'dog'])
  })

  it('holds a pack to exactly its leaves', () => {
    const facet = Taxonomy.parse(yaml, 'tiny.yaml').facet('subject')
    expect(() => facet.assertLeaves(['food', 'cat', 'dog'])).not.toThrow()
    expect(() => facet.assertLeaves(['cat', 'dog'])).toThrow(/missing: food/)
    expect(() => facet.assertLeaves(['cat', 'dog', 'food', 'fish'])).toThrow(/unknown: fish/)
    expect(() => facet.assertLeaves(['cat', 'dog', 'food', 'animals'])).toThrow(/unknown: animals/)
    expect(() => facet.assertLeaves(['cat', 'dog', 'food', 'food'])).toThrow(/twice: food/)
  })

  it('reads the taxonomy that is shipped, three levels deep', () => {
    const file = path.resolve(import.meta.dirname, '../../../taxonomies/starter/2.yaml')
    const taxonomy = Taxonomy.parse(fs.readFileSync(file, 'utf8'), file)
    expect(taxonomy.facet('motion').kind).toBe('multi')
    const facet = taxonomy.facet('subject')
    expect(facet.leaves.length).toBeGreaterThanOrEqual(100)
    expect(new Set(facet.leaves.map((leaf) => lineage(leaf).length))).toEqual(new Set([3]))
    expect(new Set(facet.leaves.map(({ names }) => names.zh)).size).toBe(facet.leaves.length)
  })
})
