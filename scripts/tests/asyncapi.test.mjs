// docs/asyncapi.yaml is valid AsyncAPI 3, and says of an event what is really sent.
import { events, tagsPublishedV1 } from '@reeltag/contracts'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'

const root = path.resolve(import.meta.dirname, '../..')
const document = parse(fs.readFileSync(path.join(root, 'docs/asyncapi.yaml'), 'utf8'))
const specification = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json')

/** @returns {Ajv} */
const validator = () => {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false })
  addFormats.default(ajv)
  return ajv
}

test('the document is AsyncAPI 3', () => {
  const validate = validator().compile(specification)
  assert.ok(validate(document), JSON.stringify(validate.errors, null, 1)?.slice(0, 4_000))
  assert.equal(validate({ .../** @type {object} */ (document), channels: { broken: { address: 7 } } }), false)
})

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, target]) => target)
  assert.ok(references.length > 0)
  for (const target of references) {
    let node = document
    for (const step of target.split('/')) node = node?.[step]
    assert.notEqual(node, undefined, target)
  }
})

test('every event has its topic, and none is left out', () => {
  const addresses = Object.values(document.channels).map(({ address }) => address.replace('{prefix}', ''))
  assert.deepEqual(addresses.sort(), events.map(({ name }) => name).sort())
})

test('a published event fits its schema, also with fields of a later version', () => {
  const { payload } = document.components.messages['tags-published-v1']
  const validate = validator().compile(payload)
  const id = '0192f0c4-7c5e-7cc3-9a5e-6f3f1a2b3c4d'
  const versions = { pack: 'p', vision: 'v', text: 't', fusion: 'f', taxonomy: 'x', sampling: 's' }
  const event = { contentId: id, predictionId: id, revision: 1, decision: 'published', tags: [], versions }
  assert.ok(tagsPublishedV1.schema.safeParse(event).success)
  assert.ok(validate({ ...event, later: true }), JSON.stringify(validate.errors))
  assert.equal(validate({ ...event, revision: 0 }), false)
})
