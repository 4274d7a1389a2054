import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { root } from '../bootstrap.mjs'
import { applied, changed, filesByHand, recipesOf } from '../recipes/recipes.mjs'

const recipes = recipesOf(fs.readFileSync(path.join(root, 'docs/extending.md'), 'utf8'))

/** How many files each addition may cost by hand. A recipe that needs more is a defect of the layout. */
const filesMax = {
  'A stage with a service of its own': 8,
  'A stream in a service that exists': 5,
  'A decision strategy': 4,
  'An error code': 1,
  'A route': 5,
  'An event': 2,
  'A decoder': 3,
}

test('docs/extending.md has a recipe for everything that grows', () => {
  assert.deepEqual(
    recipes.map(({ name }) => name),
    Object.keys(filesMax),
  )
})

for (const recipe of recipes)
  test(`${recipe.name}: it fits the tree, and touches as many files as it says`, () => {
    assert.ok(applied(root, recipe).size > 0)
    const files = filesByHand(recipe)
    assert.equal(files.length, recipe.filesMax, files.join(', '))
    assert.ok(files.length <= filesMax[/** @type {keyof filesMax} */ (recipe.name)], files.join(', '))
  })

test('an edit whose place is gone, or is there twice, is refused', () => {
  const edit = { file: 'a.ts', place: /** @type {const} */ ('after'), anchor: 'b', text: 'x' }
  assert.equal(changed('a\nb\nc', edit), 'a\nb\nx\nc')
  assert.equal(changed('a\nbb\nb', edit), 'a\nbb\nb\nx')
  assert.throws(() => changed('a\nc', edit), /0 lines have "b"/)
  assert.throws(() => changed('b\nb', edit), /2 lines have "b"/)
})
