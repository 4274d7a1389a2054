import { describe, expect, it } from '@jest/globals'
import { createLogger } from '../operations/logger.js'
import { openTracing } from './open-tracing.js'
import { newTraceparent, parseTraceparent, traceIdOf } from './traceparent.js'
import { SilentTracing } from './tracing.js'

const zeros = '0'.repeat(32)

describe('a traceparent', () => {
  it.each([
    undefined,
    null,
    '',
    7,
    `00-${zeros}-00f067aa0ba902b7-01`,
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nx: y',
    '01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  ])('that is none is refused: %p', (text) => {
    expect(parseTraceparent(text)).toBeUndefined()
  })

  it('that begins here can be read', () => {
    const made = newTraceparent()
    expect(traceIdOf(made)).toBe(made.slice(3, 35))
    expect(newTraceparent()).not.toBe(made)
  })
})

describe('tracing without an address', () => {
  it('passes traceparents and results through unchanged', async () => {
    const config = { enabled: false, serviceName: undefined, version: '0' }
    const tracing = await openTracing(config, ['gateway'], createLogger({ level: 'silent' }))
    expect(tracing).toBeInstanceOf(SilentTracing)
    const parent = newTraceparent()
    expect(await tracing.span('x', { parent }, ({ traceparent }) => Promise.resolve(traceparent))).toBe(parent)
    expect(tracing.current()).toBeUndefined()
    await expect(tracing.span('x', {}, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
  })
})
