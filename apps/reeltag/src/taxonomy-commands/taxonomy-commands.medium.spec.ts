import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { loadConfig } from '@reeltag/platform'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { taxonomyCommands } from './taxonomy-commands.js'

const root = path.resolve(import.meta.dirname, '../../../..')
const program = path.resolve(import.meta.dirname, '../cli.js')
const documentation = path.join(root, 'docs/taxonomies.md')

const paths = 'Animals\nAnimals/Cat\nAnimals/Dog\nFood\nFood/Soup\n'
const next = `format: 1
name: shop
version: 2
facets:
- id: category
  kind: single
  names: {zh: 类目, en: category}
  nodes:
  - id: animals
    names: {zh: 动物, en: Animals}
    children:
    - {id: animals-cat, names: {zh: 猫, en: Cat}}
    - {id: wolf, names: {zh: 狼, en: Wolf}}
  - {id: food, names: {zh: 食物, en: Food}, sensitive: true}
`
const migration = `format: 1
from: shop/1
to: shop/2
facets:
- id: category
  merged:
  - {from: [animals-dog], to: wolf}
  retired:
  - {node: food-soup, to: parent, because: too few contents}
`

const mapping = `format: 1
name: old
version: 1
source: {name: old, classes: [house cat, soup, other]}
taxonomy: shop/2
facet: category
classes:
- {from: house cat, to: {animals-cat: 0.75, wolf: 0.25}}
- {from: soup, to: food}
unmapped:
- {because: says nothing, classes: [other]}
`

describe('taxonomy commands', () => {
  let folder: string
  const file = (name: string): string => path.join(folder, name)
  const write = (name: string, text: string): void => fs.writeFileSync(file(name), text)
  const read = (name: string): string => fs.readFileSync(file(name), 'utf8')
  const lines = (name: string): unknown[] =>
    read(name)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
  const environment = () => ({
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    REELTAG_HOME: file('home'),
    MODELS_DIR: path.join(root, 'models'),
    TAXONOMIES_DIR: path.join(root, 'taxonomies'),
  })
  /** Names of files within the folder, as a user who stands there types them. */
  const placed = (argument: string): string =>
    /^[\w-]+\.(csv|ndjson|txt|yaml)$/.test(argument) ? file(argument) : argument
  /** The command within this process: to start one takes seconds. */
  const ok = async (verb: string, ...args: string[]): Promise<string> => {
    const told: string[] = []
    const run = taxonomyCommands[`taxonomy ${verb}`]
    await run?.(loadConfig(environment()), args.map(placed), (line) => told.push(line.replaceAll(`${folder}/`, '')))
    return told.map((line) => `${line}\n`).join('')
  }
  /** The command as a process of its own. */
  const typed = (...args: string[]) =>
    spawnSync(process.execPath, [program, 'taxonomy', ...args], { encoding: 'utf8', cwd: folder, env: environment() })

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-taxonomy-'))
    write('paths.txt', paths)
    await ok('convert', 'paths.txt', 'shop-1.yaml', '--name', 'shop')
    write('shop-2.yaml', next)
    write('migration.yaml', migration)
    write('mapping.yaml', mapping)
  })
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

  it('lints: errors end it with a failure, warnings do not, each with its line', async () => {
    const told = await ok('lint', 'shop-1.yaml')
    expect(told).toMatch(/^line \d+\twarning\tuntranslated\t.*: translate the name$/m)
    expect(told).toMatch(/^0 errors, \d+ warnings$/m)
    write('broken.yaml', next.replace('id: wolf', 'id: food'))
    const { status, stdout, stderr } = typed('lint', 'broken.yaml')
    expect(stdout).toMatch(/^line 14\terror\tduplicate-id\t/m)
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringMatching(/TAXONOMY_INVALID/) })
    expect(await ok('lint', 'starter/2')).toMatch(/^0 errors/m)
  })

  it('tells two versions apart, and drafts a migration that a person has to decide', async () => {
    const told = await ok('diff', 'shop-1.yaml', 'shop-2.yaml', '--draft', 'draft.yaml')
    expect(told).toMatch(/^category\tremoved\tfood\/food-soup$/m)
    expect(told).toMatch(/^category\tadded\tanimals\/wolf$/m)
    expect(await ok('diff', 'shop-2.yaml', 'shop-2.yaml')).toBe('the two are the same\n')
    await expect(ok('migrate', 'draft.yaml', '--from', 'shop-1.yaml', '--to', 'shop-2.yaml')).rejects.toMatchObject({
      code: 'MIGRATION_INVALID',
      message: expect.stringMatching(/line \d+: .*food-soup is undecided/),
    })
  })

  it('carries stored rows to the next version, and leaves out those that it refuses', async () => {
    const rows = [
      { id: 1, facet: 'category', path: 'animals/animals-dog' },
      { id: 2, facet: 'category', path: 'food/food-soup' },
      { id: 3, facet: 'category', probabilities: { 'animals-cat': 0.2, 'animals-dog': 0.3, 'food-soup': 0.5 } },
      { id: 4, facet: 'category', values: { animals: 0.8, 'animals-cat': 0.9 } },
    ]
    write('rows.ndjson', rows.map((row) => JSON.stringify(row)).join('\n'))
    const versions = ['--from', 'shop-1.yaml', '--to', 'shop-2.yaml']
    const told = await ok('migrate', 'migration.yaml', ...versions, 'rows.ndjson', 'migrated.ndjson')
    expect(told).toMatch(/^category\t3 kept, 1 merged, 1 retired\tscores can be carried over$/m)
    expect(lines('migrated.ndjson')).toEqual([
      { facet: 'category', id: 1, path: 'animals/wolf', fate: 'merged', coarser: false, because: '' },
      { facet: 'category', id: 2, path: 'food', fate: 'retired', coarser: true, because: 'too few contents' },
      { facet: 'category', id: 3, probabilities: { 'animals-cat': 0.2, wolf: 0.3, food: 0.5 }, unmapped: [] },
      { facet: 'category', id: 4, values: { animals: 0.8, 'animals-cat': 0.9 }, dropped: [] },
    ])
    write('odd.csv', 'id,facet,path\n1,category,animals/animals-cat\n2,category,animals/zebra\n')
    await expect(ok('migrate', 'migration.yaml', ...versions, 'odd.csv', 'odd-out.csv')).rejects.toMatchObject({
      code: 'MIGRATION_INVALID',
      message: expect.stringMatching(/1 of 2 rows[^]*line 3: .*no path animals\/zebra/),
    })
    expect(read('odd-out.csv')).toBe('facet,id,path,fate,coarser,because\ncategory,1,animals/animals-cat,kept,false,\n')
  })

  it('proposes by the text encoder of the pack, and says so where it has to rank by spelling', async () => {
    // More than an encoder lets wait at once.
    const many = Array.from({ length: 1_500 }, (_, index) => `class ${index}`)
    write('classes.txt', ['house cat', 'soup', 'other', ...many].join('\n'))
    const options = ['--taxonomy', 'shop-2.yaml', '--facet', 'category', '--name', 'old']
    expect(typed('map', 'propose', 'classes.txt', 'encoded.yaml', ...options).stdout).toMatch(
      /ranked by the text encoder starter-text\/2\.0\.0 of starter\/2\.0\.0; none is confirmed/,
    )
    expect(read('encoded.yaml')).toMatch(/proposed: \[\{to: \S+, similarity: [\d.]+\}/)
    const told = await ok('map', 'propose', 'classes.txt', 'spelt.yaml', ...options, '--pack', 'absent/1.0.0')
    expect(told).toMatch(
      /^the text encoder of absent\/1\.0\.0 cannot be used \(\w+: .*\): character n-grams rank instead$/m,
    )
    expect(read('spelt.yaml')).toMatch(/from: house cat\n\s+proposed: \[\{to: animals-cat,/)
    await expect(ok('map', 'check', 'spelt.yaml', '--taxonomy', 'shop-2.yaml')).rejects.toMatchObject({
      code: 'MAPPING_INVALID',
      message: expect.stringMatching(/line \d+: .*"house cat"/),
    })
  })

  it('maps labels and probabilities, of NDJSON and CSV, once every class is confirmed', async () => {
    const apply = (...files: string[]) => ok('map', 'apply', 'mapping.yaml', ...files, '--taxonomy', 'shop-2.yaml')
    expect(await ok('map', 'check', 'mapping.yaml', '--taxonomy', 'shop-2.yaml')).toBe(
      'old/1 maps 2 classes and leaves 1 unmapped\n',
    )
    write('old.csv', 'id,house cat,soup,other\n7,0.4,0.5,0.1\n')
    expect(await apply('old.csv', 'new.csv')).toMatch(/^1 rows are in new\.csv; 10\.00 % of their mass has no node$/m)
    expect(read('new.csv').split('\n')).toEqual([
      'id,node,path,mass,unmapped,because',
      expect.stringMatching(/^7,animals-cat,animals\/animals-cat,0\.3/),
      '7,wolf,animals/wolf,0.1,,',
      '7,food,food,0.5,,',
      '7,,,0.1,other,says nothing',
      '',
    ])
    write('old.ndjson', '{"id":1,"label":"soup"}\n{"id":2,"labels":["other"]}\n')
    await apply('old.ndjson', 'new.ndjson')
    expect(lines('new.ndjson')).toMatchObject([
      { id: 1, nodes: { food: 1 } },
      { id: 2, nodes: {}, unmapped: [{ from: 'other' }] },
    ])
  })

  it('writes over no file, and names what is missing', async () => {
    const refused = async (message: RegExp, ...args: [string, ...string[]]): Promise<void> =>
      expect(ok(...args)).rejects.toMatchObject({ code: 'ARGUMENT_INVALID', message: expect.stringMatching(message) })
    await refused(/shop-2\.yaml exists/, 'convert', 'paths.txt', 'shop-2.yaml', '--name', 'shop')
    expect(read('shop-2.yaml')).toBe(next)
    await expect(ok('lint', 'nothing.yaml')).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(/nothing\.yaml: name a file that exists/),
    })
    await refused(/^--taxonomy is missing$/, 'map', 'check', 'mapping.yaml')
    await refused(/takes propose, check or apply/, 'map', 'guess')
    await refused(/^<out> is missing$/, 'convert', 'paths.txt')
    await refused(/more\.yaml is too much/, 'lint', 'shop-2.yaml', 'more.yaml')
  })

  it.each(['tree', 'versions', 'mapping'])('does what docs/taxonomies.md tells people to type: %s', (name) => {
    const block =
      new RegExp(`^\`\`\`sh ${name}\n([^]*?)^\`\`\``, 'm').exec(fs.readFileSync(documentation, 'utf8'))?.[1] ?? ''
    const commands = block.replaceAll('npm run -s reeltag --', `"${process.execPath}" "${program}"`)
    expect(commands).not.toBe(block)
    const work = fs.mkdtempSync(path.join(folder, `${name}-`))
    for (const made of ['migration.yaml', 'mapping.yaml']) fs.copyFileSync(file(made), path.join(work, made))
    fs.writeFileSync(path.join(work, 'paths.txt'), paths)
    fs.writeFileSync(path.join(work, 'classes.txt'), 'house cat\nsoup\nother\n')
    fs.copyFileSync(file('shop-1.yaml'), path.join(work, 'shop-1.yaml'))
    fs.copyFileSync(file('shop-2.yaml'), path.join(work, 'shop-2.yaml'))
    fs.writeFileSync(path.join(work, 'labels.csv'), 'id,facet,path\n1,category,animals/animals-cat\n')
    fs.writeFileSync(path.join(work, 'scores.csv'), 'id,house cat,soup,other\n7,0.4,0.5,0.1\n')
    const { status, stderr } = spawnSync('sh', ['-ec', commands], { encoding: 'utf8', cwd: work, env: environment() })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})
