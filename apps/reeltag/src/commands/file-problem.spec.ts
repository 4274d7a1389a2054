import { describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import { asFileProblem } from './file-problem.js'

const failing = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}

describe('a problem with a file', () => {
  it('has a code that says what to do', () => {
    const missing = failing(() => fs.writeFileSync('/nonexistent/x.svg', ''))
    expect(asFileProblem(missing)).toMatchObject({
      code: 'FILE_UNUSABLE',
      message: expect.stringContaining('/nonexistent'),
    })
    expect(asFileProblem(failing(() => fs.readFileSync('/')))).not.toHaveProperty('status', 500)
    const full = failing(() => fs.writeFileSync('/dev/full', 'x'))
    expect(asFileProblem(full)).toMatchObject({ code: 'STORAGE_FULL' })
  })

  it('is no problem of a server, and any other error stays what it is', () => {
    const refused = Object.assign(new Error('connect ENOENT /tmp/.s.PGSQL'), {
      code: 'ENOENT',
      syscall: 'connect',
      path: '/tmp',
    })
    expect(asFileProblem(refused)).toBe(refused)
    const other = new TypeError('x')
    expect(asFileProblem(other)).toBe(other)
  })
})
