// What benchmarks share: rounds, tables, plans. That each of them runs is what `npm run bench -- all --smoke` shows.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { test } from 'node:test'
import { inTurns, ratios, spreadOf } from '../../bench/rounds.mjs'
import { idleSettings, planWith } from '../../bench/run-options.mjs'
import { faultsOf, markdownOf, tableOf } from '../../bench/tables.mjs'

const root = path.resolve(import.meta.dirname, '../..')

test('contenders take turns, and rounds that warm up do not count', async () => {
  const asked = []
  const contender = (name) => (round) => asked.push(`${name}${round}`) * 10
  const answers = await inTurns({ a: contender('a'), b: contender('b') }, { rounds: 2, warmUps: 1 })
  assert.deepEqual(asked, ['a0', 'b0', 'a1', 'b1', 'a2', 'b2'])
  assert.deepEqual(answers, { a: [30, 50], b: [40, 60] })
})

test('a spread names the middle round and the outermost ones', () => {
  assert.deepEqual(spreadOf([4, 1, 2]), { rounds: [4, 1, 2], min: 1, median: 2, max: 4 })
  assert.equal(spreadOf([1, 2]).median, 1.5)
  assert.deepEqual(ratios([4, 9], [2, 3]), [2, 3])
})

test('a table without a figure is a fault, and so is one that is not a number', () => {
  const table = (rows) => tableOf('t', 'T', [['time', 'ms']], rows)
  assert.deepEqual(faultsOf(table([['own', [1, 2]]])), [])
  assert.match(faultsOf(table([])).join(), /t has no row/)
  assert.match(faultsOf(table([['own', []]])).join(), /t, own: nothing was measured/)
  assert.match(faultsOf(table([['own', [1, NaN]]])).join(), /t, own, time: not a number/)
  assert.match(faultsOf(table([['own', 1, 2]])).join(), /2 cells, 1 columns/)
})

test('a table shows the median, and how far rounds went', () => {
  const table = tableOf(
    't',
    'T',
    [
      ['time', 'ms'],
      ['', 'events/s'],
    ],
    [
      ['own', [1, 3, 2], 12_345],
      ['peer', 20],
    ],
  )
  assert.equal(
    markdownOf({ ...table, rows: table.rows.map((row) => ({ ...row, cells: [row.cells[0], row.cells[1] ?? null] })) }),
    '| | time, ms | events/s |\n|---|---|---|\n| own | 2.00 (1.00–3.00) | 12,350 |\n| peer | 20.0 | – |',
  )
})

test('a plan takes settings of its own kind, passes over those of others, and refuses what is no number', () => {
  const plan = { rounds: 3, sizes: [1, 2], device: 'cuda' }
  const settings = ['rounds=5', 'own.sizes=7', 'device=cpu', 'clips=9', 'other.rounds=1']
  assert.deepEqual(planWith('own', plan, settings), { rounds: 5, sizes: [7], device: 'cpu' })
  assert.deepEqual(idleSettings({ own: plan }, settings), ['clips=9', 'other.rounds=1'])
  assert.throws(() => planWith('own', plan, ['rounds=many']), /many is not a number/)
  assert.throws(() => planWith('own', plan, ['rounds']), /name=value/)
})

test('a benchmark or an option that does not exist is refused', () => {
  const bench = (...args) => spawnSync(process.execPath, ['bench/run.mjs', ...args], { cwd: root, encoding: 'utf8' })
  assert.match(bench('--help').stdout, /--smoke/)
  const unknown = bench('samplings', '--smoke')
  assert.equal(unknown.status, 1)
  assert.match(unknown.stderr, /there is no benchmark samplings\n {2}remedy: there are sampling, pipeline/)
  assert.match(bench('--smok').stderr, /Unknown option '--smok'/)
})
