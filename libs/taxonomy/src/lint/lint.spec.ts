import { describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import path from 'node:path'
import { lintTaxonomy } from './lint.js'

const yaml = `format: 1
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

describe('lint', () => {
  it('finds nothing in a sound tree', () => {
    expect(lintTaxonomy(yaml)).toEqual([])
  })

  it.each([
    ['error', 'duplicate-id', 13, yaml.replace('id: dog', 'id: cat')],
    ['error', 'cycle', 12, yaml.replace('id: cat', 'id: animals')],
    [
      'error',
      'cycle',
      13,
      yaml.replace('    children:', '    children: &c').replace('en: Dog}', 'en: Dog}, children: *c'),
    ],
    ['error', 'empty-branch', 14, yaml.replace('en: Food}', 'en: Food}, children: []')],
    ['error', 'missing-translation', 13, yaml.replace('zh: 狗, en: Dog', 'zh: 狗')],
    ['error', 'missing-translation', 13, yaml.replace(', names: {zh: 狗, en: Dog}', '')],
    ['error', 'same-name', 13, yaml.replace('en: Dog', 'en: " CAT"')],
    ['error', 'same-name', 14, yaml.replace('zh: 食物', 'zh: 动物')],
    ['error', 'schema', 14, yaml.replace('en: Food}', 'en: Food}, sensitive: false')],
    ['error', 'schema', 7, yaml.replace('kind: single', 'kind: [')],
    ['warning', 'synonym-clash', 12, yaml.replace('小猫', '狗')],
    ['warning', 'untranslated', 14, yaml.replace('en: Food', 'en: 食物')],
    ['warning', 'untranslated', 14, yaml.replace('zh: 食物', 'zh: Food')],
    ['warning', 'single-child', 12, yaml.replace(/ {4}- \{id: dog.*\n/, '')],
    ['warning', 'name-too-long', 14, yaml.replace('zh: 食物', `zh: ${'食'.repeat(21)}`)],
  ] as const)('finds the %s %s in line %d, with a remedy', (severity, rule, line, text) => {
    expect(text).not.toBe(yaml)
    const found = lintTaxonomy(text).filter((finding) => finding.rule === rule)
    expect(found).toContainEqual(expect.objectContaining({ severity, line }))
    expect(found.every(({ remedy, message }) => remedy !== '' && message !== '')).toBe(true)
  })

  it('finds all at once, in the order of lines', () => {
    const found = lintTaxonomy(yaml.replace('en: Food', 'en: 食物').replace('en: Dog', 'en: Cat'))
    expect(found.map(({ rule }) => rule)).toEqual(['same-name', 'untranslated'])
  })

  it('has no error for the taxonomies that are shipped', () => {
    const folder = path.resolve(import.meta.dirname, '../../../../taxonomies/starter')
    for (const file of ['1.yaml', '2.yaml']) {
      const errors = lintTaxonomy(fs.readFileSync(path.join(folder, file), 'utf8')).filter(
        ({ severity }) => severity === 'error',
      )
      expect(errors).toEqual([])
    }
  })
})
