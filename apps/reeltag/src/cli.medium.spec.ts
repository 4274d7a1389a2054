import { describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'

const cli = (...args: string[]): { status: number | null; stderr: string } =>
  spawnSync(process.execPath, [path.join(import.meta.dirname, 'cli.js'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', REELTAG_HOME: path.join(os.tmpdir(), 'reeltag-no-such-home') },
  })

describe('the command line', () => {
  it('answers a mistyped option with its usage, not with a stack', () => {
    const { status, stderr } = cli('keys', 'create', '--nme', 'x')
    expect(status).toBe(2)
    expect(stderr).toMatch(/--nme[\s\S]*usage:/)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it('takes no name that would break the list of keys', () => {
    for (const bad of [
      ['--name', 'a\tb'],
      ['--name', ''],
      ['--name', 'x', '--workspace', ' '],
    ]) {
      expect(cli('keys', 'create', ...bad)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/CONFIG_INVALID/),
      })
    }
  })

  it('says that no platform runs where keys are asked for and none does', () => {
    expect(cli('keys', 'list')).toMatchObject({ status: 1, stderr: expect.stringMatching(/POSTGRES_UNAVAILABLE/) })
  })
})
