import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forbiddenChanges } from '../contract-changes.mjs'

const event = { type: 'object', properties: { id: { type: 'string' }, note: { type: 'string' } }, required: ['id'] }
const locked = { events: { 'a.v1': event }, errors: { GONE: { status: 410 } } }
const change = (edit) => {
  const after = structuredClone(locked)
  edit(after)
  return forbiddenChanges(locked, after)
}

test('a new event, a new error and a new optional field pass', () => {
  assert.deepEqual(
    change((after) => (after.events['b.v1'] = event)),
    [],
  )
  assert.deepEqual(
    change((after) => (after.errors.NEW = { status: 400 })),
    [],
  )
  assert.deepEqual(
    change((after) => (after.events['a.v1'].properties.extra = { type: 'number' })),
    [],
  )
})

test('everything else is named by its path', () => {
  assert.match(
    change((after) => (after.events['a.v1'].properties.id.type = 'number'))[0],
    /events\/a\.v1\/properties\/id\/type/,
  )
  assert.match(change((after) => delete after.events['a.v1'].properties.note)[0], /note: is gone/)
  assert.match(change((after) => after.events['a.v1'].required.push('note'))[0], /required/)
  assert.match(change((after) => delete after.errors.GONE)[0], /errors\/GONE: is gone/)
  assert.match(
    change((after) => (after.events['a.v1'].additionalProperties = false))[0],
    /additionalProperties: appeared/,
  )
})
