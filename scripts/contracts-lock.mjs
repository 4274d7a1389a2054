// npm run contracts:lock | contracts:check
// contracts.lock.json holds the JSON Schema of everything that leaves the house.
import * as contracts from '@reeltag/contracts'
import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { forbiddenChanges } from './contract-changes.mjs'

const lockFile = path.resolve(import.meta.dirname, '../contracts.lock.json')

const schema = (definition, io) => {
  const { $schema: _, ...rest } = z.toJSONSchema(definition, { io, unrepresentable: 'any' })
  return rest
}
const released = (kind, io) =>
  Object.fromEntries(
    contracts
      .releasedSchemas()
      .filter((entry) => entry.kind === kind)
      .map((entry) => [entry.name, schema(entry.schema, io)]),
  )

/** What leaves the house, by who depends on it: see scripts/contract-changes.mjs. */
export const describeContracts = () => ({
  events: {
    EventEnvelope: schema(contracts.EventEnvelope, 'output'),
    ...Object.fromEntries(contracts.events.map((event) => [event.name, schema(event.schema, 'output')])),
  },
  responses: released('response', 'output'),
  requests: released('request', 'input'),
  stored: {
    ...released('stored', 'input'),
    ...Object.fromEntries(contracts.jobs.map((job) => [`output of ${job.name}`, schema(job.output, 'input')])),
  },
  errors: Object.fromEntries(
    Object.entries(contracts.errorCodes).map(([code, { status, retryable }]) => [code, { status, retryable }]),
  ),
})

const sorted = (value) =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, inner]) => [key, sorted(inner)]),
        )
      : value

if (process.argv[1] === import.meta.filename) {
  const now = sorted(describeContracts())
  const text = `${JSON.stringify(now, null, 2)}\n`
  const locked = fs.existsSync(lockFile) ? JSON.parse(fs.readFileSync(lockFile, 'utf8')) : {}
  const changes = forbiddenChanges(locked, now)
  for (const change of changes) console.error(change)
  if (changes.length > 0) {
    console.error('remedy: leave the released definition as it is and add a new version beside it (…v2)')
    process.exitCode = 1
  } else if (process.argv[2] === 'write') {
    fs.writeFileSync(lockFile, text)
    console.log('contracts.lock.json is written')
  } else if (fs.readFileSync(lockFile, 'utf8') !== text) {
    console.error('the contracts have grown and contracts.lock.json does not know it\nremedy: npm run contracts:lock')
    process.exitCode = 1
  } else console.log('the contracts are as locked')
}
