import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forbiddenChanges, schemaChanges } from '../contract-changes.mjs'

const before = () => ({
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 10 },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    state: { type: 'string', enum: ['new', 'done'] },
    stream: { type: 'string', enum: ['text'], 'x-open-enum': true },
    parts: { type: 'array', items: { type: 'object', properties: { size: { type: 'integer' } }, required: ['size'] } },
  },
  required: ['id', 'state'],
  additionalProperties: false,
})

const edits = {
  'a new optional property': (s) => (s.properties.extra = { type: 'number' }),
  'a new property that is always there': (s) => {
    s.properties.extra = { type: 'number' }
    s.required.push('extra')
  },
  'a value of an open enum': (s) => s.properties.stream.enum.push('audio'),
  'a value of a closed enum': (s) => s.properties.state.enum.push('held'),
  'a value less': (s) => s.properties.state.enum.pop(),
  'a looser bound': (s) => (s.properties.id.maxLength = 20),
  'a tighter bound': (s) => (s.properties.id.maxLength = 5),
  'a bound less': (s) => delete s.properties.id.maxLength,
  'a bound more': (s) => (s.properties.id.minLength = 1),
  'another type': (s) => (s.properties.id = { type: 'integer' }),
  'a property less': (s) => delete s.properties.note,
  'a property required less': (s) => s.required.pop(),
  'an old property required': (s) => s.required.push('note'),
  'a property that may be null now': (s) => (s.properties.id = { anyOf: [{ type: 'string' }, { type: 'null' }] }),
  'a property inside a list less': (s) => delete s.properties.parts.items.properties.size,
  'an enum less': (s) => delete s.properties.state.enum,
  'a closed enum opened': (s) => (s.properties.state['x-open-enum'] = true),
  'other words': (s) => (s.properties.id.description = 'who it is'),
  'strictness less': (s) => delete s.additionalProperties,
}

const input = [
  'a new optional property',
  'a value of an open enum',
  'a value of a closed enum',
  'a looser bound',
  'a bound less',
  'an enum less',
  'a property required less',
  'a property that may be null now',
  'other words',
  'strictness less',
]
const allowed = {
  request: input,
  stored: input,
  response: [
    'a new optional property',
    'a new property that is always there',
    'an old property required',
    'a value of an open enum',
    'other words',
  ],
  event: ['a new optional property', 'a value of an open enum', 'other words'],
}

for (const [kind, names] of Object.entries(allowed))
  for (const [name, edit] of Object.entries(edits))
    test(`${kind}: ${name} is ${names.includes(name) ? 'allowed' : 'refused'}`, () => {
      const after = before()
      edit(after)
      const changes = schemaChanges(before(), after, /** @type {any} */ (kind))
      assert.equal(changes.length === 0, names.includes(name), changes.join('\n'))
    })

test('definitions may come and none may go; an error code keeps its status', () => {
  const locked = { events: { 'a.v1': before() }, errors: { GONE: { status: 410, retryable: false } } }
  const grown = structuredClone(locked)
  grown.events['b.v1'] = before()
  grown.errors.NEW = { status: 400, retryable: false }
  assert.deepEqual(forbiddenChanges(locked, grown), [])
  assert.deepEqual(forbiddenChanges(grown, locked).length, 2)
  const moved = structuredClone(locked)
  moved.errors.GONE.status = 404
  assert.match(forbiddenChanges(locked, moved)[0], /errors\/GONE/)
})

test('a forbidden change is named by its path', () => {
  const after = before()
  after.properties.parts.items.properties.size.type = 'string'
  assert.deepEqual(schemaChanges(before(), after, 'response', '/responses/View'), [
    '/responses/View/properties/parts/items/properties/size/type: "integer" became "string"',
  ])
})
