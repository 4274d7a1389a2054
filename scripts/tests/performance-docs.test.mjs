// docs/performance.md says what the last run says, and a figure in the README where it is from.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { lastResults, writeResults } from '../../bench/results.mjs'
import { tableOf } from '../../bench/tables.mjs'
import { nameless, placeless, withFigures } from '../performance-docs.mjs'

let folder

before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-results-'))))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

const machine = { cpu: 'A processor', cores: 2, memoryGiB: 8, system: 'Linux x64', loadBefore: 0.1 }
const aRun = (date, whole, ms) => ({
  date,
  commit: 'abc',
  whole,
  node: '20.20.2',
  machine,
  benchmarks: {
    relay: {
      plan: { rounds: 3 },
      seconds: 90,
      leftOut: [{ what: 'Kafka', why: 'java is missing; remedy: install it' }],
      tables: [tableOf('relay', 'Events', [['delay', 'ms']], [['own', ms]])],
    },
  },
})

/** The last results, as though only this run were kept. */
const keptAlone = (run) => {
  const alone = fs.mkdtempSync(path.join(folder, 'alone-'))
  writeResults(path.join(alone, 'run.json'), run)
  return lastResults(alone)
}

test('of each benchmark the last run counts, whatever else it measured', () => {
  const keep = (name, run) => writeResults(path.join(folder, name), run)
  assert.deepEqual(lastResults(folder), {})
  const { relay } = aRun('', false, [7]).benchmarks
  keep('2026-01-03-c.json', { ...aRun('2026-01-03T00:00:00Z', false, []), benchmarks: { scale: relay } })
  keep('2026-01-01-a.json', aRun('2026-01-01T00:00:00Z', true, [1, 2, 3]))
  keep('2026-01-02-b.json', aRun('2026-01-02T00:00:00Z', true, [4, 5, 6]))
  const last = lastResults(folder)
  assert.deepEqual(last.relay.tables[0].rows[0].cells[0], { rounds: [4, 5, 6], min: 4, median: 5, max: 6 })
  assert.equal(last.relay.run.date, '2026-01-02T00:00:00Z')
  assert.equal(last.scale.run.date, '2026-01-03T00:00:00Z')
  const runs = withFigures('<!-- figures: run -->\n<!-- end of figures -->', last)
  assert.match(runs, /^- `relay`: 2026-01-02, commit abc.*2 minutes\.$/m)
  assert.match(runs, /^- `scale`: 2026-01-03/m)
  assert.doesNotMatch(runs, /2026-01-01/)
})

test('figures stand between the marks, with their spread, and words around them stay', () => {
  const page = (made) => `Words.\n<!-- figures: relay -->\n${made}<!-- end of figures -->\nMore words.\n`
  const last = keptAlone(aRun('2026-01-02T00:00:00Z', true, [4, 5, 6]))
  const text = withFigures(page(''), last)
  assert.match(text, /^Words\.\n<!-- figures: relay -->\nEvents:\n\n\| \| delay, ms \|/)
  assert.match(text, /\| own \| 5\.00 \(4\.00–6\.00\) \|/)
  assert.match(text, /Left out: Kafka \(java is missing\)\.\n<!-- end of figures -->\nMore words\.\n$/)
  assert.equal(withFigures(text, last), text)
  assert.notEqual(withFigures(text, keptAlone(aRun('2026-01-02T00:00:00Z', true, [7, 8, 9]))), text)
  assert.match(withFigures(page(''), {}), /No run is kept\./)
  assert.deepEqual(placeless(text, ['relay', 'scale']), ['scale'])
})

test('a figure that names no benchmark is found', () => {
  const names = ['relay', 'scale']
  assert.deepEqual(nameless('It does 5,901 events/s.', names), ['It does 5,901 events/s.'])
  assert.deepEqual(nameless('It does 5,901 events/s (`npm run bench -- relay`).', names), [])
  assert.equal(nameless('It takes 160 ms (`npm run bench -- other`).\n\nNo figure here, on Node 20.', names).length, 1)
})
