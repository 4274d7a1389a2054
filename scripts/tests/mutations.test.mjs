import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { apply } from '../mutations/mutant-tree.mjs'
import { emittedFile } from '../test/copied-tree.mjs'
import { seededRandom } from '@reeltag/decisions'
import { problemsOf, readMutations, sampleOf } from '../mutations/mutations.mjs'

const root = path.resolve(import.meta.dirname, '../..')
let folder

before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-mutations-'))))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

const aMutation = (changes = {}) => ({
  id: 'strict',
  kind: 'decisions',
  file: 'src/decide.ts',
  replace: 'a >= b',
  by: 'a > b',
  killedBy: ['src/decide.ts'],
  ...changes,
})

test('every mutation of the list changes one place that is there, and names tests that are there', () => {
  const mutations = readMutations(path.join(root, 'scripts/mutations'))
  assert.ok(mutations.length > 0)
  assert.deepEqual(problemsOf(mutations, root), [])
})

test('a mutation whose text is gone, twice there, or that changes nothing is refused', () => {
  fs.mkdirSync(path.join(folder, 'src'), { recursive: true })
  fs.writeFileSync(path.join(folder, 'src/decide.ts'), 'export const f = (a, b) => a >= b\n')
  assert.deepEqual(problemsOf([aMutation()], folder), [])
  /** @type {[object, RegExp][]} */
  const wrong = [
    [{ replace: 'a <= b' }, /occurs 0 times/],
    [{ replace: 'a' }, /occurs \d+ times/],
    [{ by: 'a >= b' }, /different text/],
    [{ file: 'src/gone.ts' }, /does not exist/],
    [{ killedBy: ['src/gone.spec.ts'] }, /does not exist/],
  ]
  for (const [changes, problem] of wrong) assert.match(problemsOf([aMutation(changes)], folder).join(), problem)
  assert.match(problemsOf([aMutation(), aMutation()], folder).join(), /another mutation has this id/)
})

test('a mutant is in the compiled file, and gone when it is put back', () => {
  fs.mkdirSync(path.join(folder, 'src'), { recursive: true })
  fs.mkdirSync(path.join(folder, 'room/src'), { recursive: true })
  fs.mkdirSync(path.join(folder, 'room/dist'), { recursive: true })
  fs.copyFileSync(path.join(root, 'tsconfig.base.json'), path.join(folder, 'tsconfig.base.json'))
  fs.writeFileSync(path.join(folder, 'room/src/decide.ts'), 'export const f = (a: number, b: number) => a >= b\n')
  const emitted = path.join(folder, emittedFile('room/src/decide.ts'))
  fs.writeFileSync(emitted, 'as it was')
  const restore = apply(folder, aMutation({ file: 'room/src/decide.ts' }))
  // An ES module, as what it stands in for: anything else fails every test before one has looked at the mutant.
  assert.match(fs.readFileSync(emitted, 'utf8'), /^export const f = \(a, b\) => a > b/)
  restore()
  assert.equal(fs.readFileSync(emitted, 'utf8'), 'as it was')
})

test('a sample is the same for its seed, and takes the kinds in turns', () => {
  const list = ['a', 'b', 'c'].flatMap((kind) => [1, 2, 3, 4].map((n) => aMutation({ id: `${kind}${n}`, kind })))
  const ids = (seed) => sampleOf(list, 6, seededRandom(seed)).map(({ id }) => id)
  assert.deepEqual(ids(7), ids(7))
  assert.notDeepEqual(ids(7), ids(8))
  assert.deepEqual(
    ids(7)
      .map((id) => id[0])
      .sort(),
    ['a', 'a', 'b', 'b', 'c', 'c'],
  )
})
