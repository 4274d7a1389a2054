import { afterEach, expect, it } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { describeWith } from './servers/prerequisites.js'
import { endProcess, identityOf, isRunning } from './process-identity.js'
import { until } from './until.js'

/** Its first thread ends, another one sleeps on: what a server that was killed looks like until its last thread is gone. */
const leaderless = `
import ctypes, platform, threading, time
threading.Thread(target=time.sleep, args=(60,)).start()
print("ready", flush=True)
ctypes.CDLL(None).syscall(93 if platform.machine() == "aarch64" else 60, 0)
`

describeWith(['python'], 'a process', () => {
  let child: ChildProcess | undefined
  afterEach(() => void child?.kill('SIGKILL'))

  it('runs until its last thread is gone', async () => {
    child = spawn('python3', ['-c', leaderless], { stdio: ['ignore', 'pipe', 'inherit'] })
    const identity = identityOf(child.pid ?? 0)
    if (child.stdout === null) throw new Error('its output is not read')
    await once(child.stdout, 'data')
    await until('its first thread has ended', 30, () => stateOf(identity.pid) === 'Z')
    expect(isRunning(identity)).toBe(true)
    await endProcess(identity, { graceMs: 0 })
    expect(isRunning(identity)).toBe(false)
  })
})

const stateOf = (pid: number): string | undefined => /\) (\w)/.exec(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]
