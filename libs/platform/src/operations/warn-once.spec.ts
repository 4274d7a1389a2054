import { describe, expect, it } from '@jest/globals'
import { WarnOnce } from './warn-once.js'

describe('WarnOnce', () => {
  it('logs the first failure of an outage only, and the first of the next one', () => {
    const lines: unknown[] = []
    const once = new WarnOnce({ warn: (...line: unknown[]) => void lines.push(line) }, 'Redis is away')
    const [first, second, third] = [1, 2, 3].map((n) => new Error(String(n)))
    once.failed(first, { queue: 'vision' })
    once.failed(second)
    expect(lines).toEqual([[{ err: first, queue: 'vision' }, 'Redis is away']])
    expect([once.worked(), once.worked()]).toEqual([true, false])
    once.failed(third)
    expect(lines).toHaveLength(2)
  })
})
