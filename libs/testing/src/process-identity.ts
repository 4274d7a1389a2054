import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** One process for certain: a pid alone may be somebody else's by the time it is signalled. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it began, in clock ticks since boot; empty where there is no /proc. */
  readonly birth: string
}

const pollMs = 20

export const identityOf = (pid: number): ProcessIdentity => ({ pid, birth: statOf(pid)?.birth ?? '' })

export const isRunning = ({ pid, birth }: ProcessIdentity): boolean => {
  if (!fs.existsSync('/proc/self/stat')) return answersSignals(pid)
  const stat = statOf(pid)
  // A zombie has ended, and only waits for a parent that may never ask; but while threads of it are left, so are its
  // files and the port that it listened on.
  return stat !== undefined && (stat.state !== 'Z' || stat.threads > 1) && stat.birth === birth
}

/** Sends a signal if the process is still the one meant, and does nothing otherwise. */
export const signalProcess = (process_: ProcessIdentity, signal: NodeJS.Signals): void => {
  if (!isRunning(process_)) return
  try {
    process.kill(process_.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Ends a process and waits until it is gone: asked first where `graceMs` is above zero, then by force. */
export const endProcess = async (
  process_: ProcessIdentity,
  { graceMs }: { readonly graceMs: number },
): Promise<void> => {
  if (graceMs > 0) {
    signalProcess(process_, 'SIGTERM')
    // One that was paused hears nothing until it goes on.
    signalProcess(process_, 'SIGCONT')
    if (await isGoneWithin(process_, graceMs)) return
  }
  signalProcess(process_, 'SIGKILL')
  if (!(await isGoneWithin(process_, 10_000))) throw new Error(`process ${process_.pid} survived SIGKILL`)
}

const isGoneWithin = async (process_: ProcessIdentity, ms: number): Promise<boolean> => {
  const deadline = performance.now() + ms
  while (isRunning(process_)) {
    if (performance.now() > deadline) return false
    await sleep(pollMs)
  }
  return true
}

const statOf = (pid: number): { state: string; threads: number; birth: string } | undefined => {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything; what follows it does not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', threads: Number(fields[17]), birth: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

const answersSignals = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
