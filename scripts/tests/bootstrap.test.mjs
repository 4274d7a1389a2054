import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, step, tellElapsed } from '../bootstrap.mjs'

const screen = (isTTY) => {
  const written = []
  return { isTTY, write: (text) => written.push(text), text: () => written.join('') }
}

test('a step that takes long says so line by line in a log', async () => {
  const out = screen(false)
  const ended = tellElapsed(out, 'install packages', 20)
  while (out.text().split('\n').length < 4) await sleep(5)
  ended()
  const said = out.text()
  assert.match(said, /^(• install packages … \d+\.\d s\n){4,}$/)
  await sleep(60)
  assert.equal(out.text(), said, 'it goes on after its end')
})

test('a step that is quick takes one line of a log, and one that fails says it', async () => {
  const out = screen(false)
  tellElapsed(out, 'compile')()
  tellElapsed(out, 'compile')(true)
  assert.match(out.text(), /^• compile … 0\.\d s\n• compile … failed\n$/)
})

test('on a terminal a step has one line, in which something moves', async () => {
  const out = screen(true)
  const ended = tellElapsed(out, 'compile')
  while (out.text().split('\r').length < 4) await sleep(20)
  ended()
  assert.match(out.text(), /^\r⠋ compile … \d\.\d s \r⠙ [^\n]*\r• compile … \d\.\d s \n$/)
})

test('a command that fails or is not there ends its line and gives its output', async () => {
  const out = screen(false)
  const failing = step('break', process.execPath, ['-e', 'console.log("because"); process.exit(3)'], { out })
  await assert.rejects(failing, (error) => error instanceof Failure && /because[^]*ended with 3/.test(error.message))
  await assert.rejects(step('miss', '/nowhere/at-all', [], { out }), /ENOENT/)
  assert.equal(out.text(), '• break … failed\n• miss … failed\n')
})
