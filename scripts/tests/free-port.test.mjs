import assert from 'node:assert/strict'
import test from 'node:test'
import { onFreePort } from '../free-port.mjs'

const refusingOnce = () => {
  const tried = []
  const start = (port) => {
    tried.push(port)
    return tried.length === 1 ? Promise.reject(new Error('PORT_TAKEN: The port is in use')) : Promise.resolve(port)
  }
  return { tried, start }
}

test('a port that another start took meanwhile is left to it, and a later one is used', async () => {
  const { tried, start } = refusingOnce()
  const port = await onFreePort(undefined, start)
  assert.equal(tried.length, 2)
  assert.ok(port > tried[0])
})

test('a port that the user named is the only one tried, and other failures are not tried again', async () => {
  await assert.rejects(onFreePort('4000', refusingOnce().start), /PORT_TAKEN/)
  let tries = 0
  const start = () => Promise.reject(new Error(`HOME_LOCKED ${++tries}`))
  await assert.rejects(onFreePort(undefined, start), /HOME_LOCKED 1/)
})
