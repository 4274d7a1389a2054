import { describe, expect, it } from '@jest/globals'
import { createLogger } from './logger.js'

const lines: string[] = []
const logger = createLogger({ level: 'info' }, { write: (line: string) => void lines.push(line) })
const lastLine = (): string => lines.at(-1) ?? ''

describe('the log', () => {
  it('is JSON, with the level as a word and the content it speaks of', () => {
    logger.child({ contentId: 'c', traceId: 't' }).info('taken')
    expect(JSON.parse(lastLine())).toMatchObject({ level: 'info', contentId: 'c', traceId: 't', msg: 'taken' })
  })

  it.each([
    ['a header', { req: { headers: { authorization: 'Bearer hunter2' } } }],
    ['an option', { options: { password: 'hunter2' } }],
    ['a field', { token: 'hunter2' }],
    ['an address in an error', { err: new Error('connect postgresql://reeltag:hunter2@db:5432/reeltag failed') }],
    ['an error below an error', { err: new Error('no', { cause: new Error('redis://u:hunter2@r:6379') }) }],
    ['a key of ours in an error', { err: new Error('rt_abcd1234_hunter2 is revoked') }],
  ])('keeps the secret in %s to itself', (_, fields) => {
    logger.warn(fields, 'something')
    expect(lastLine()).toContain('something')
    expect(lastLine()).not.toContain('hunter2')
  })

  it('keeps the secret in a message to itself', () => {
    logger.info('waiting for redis://:hunter2@cache:6379')
    expect(lastLine()).toContain('cache:6379')
    expect(lastLine()).not.toContain('hunter2')
  })
})
