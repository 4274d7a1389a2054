import 'reflect-metadata'
import { loadConfig } from '@reeltag/platform'
import { explain } from './explain.js'
import { startReeltag, type Reeltag } from './process/reeltag.js'

/** A second Ctrl-C within this time is the same one, received by this process and again from its parent. */
const impatienceMs = 1_000

/** `EX_TEMPFAIL` of sysexits.h: nothing is wrong with the configuration; start it again. */
const restartExitCode = 75
/** How long a process that gives up may finish its current work. */
const giveUpMs = 20_000

const stopping = new AbortController()
const started: Promise<Reeltag> = Promise.resolve().then(() => startReeltag(loadConfig(process.env), stopping.signal))

let stoppingSince: number | undefined

/** Stops in order, also during startup, so that no started server is left running. */
const stop = async (exitCode = 0): Promise<void> => {
  if (stoppingSince !== undefined) return
  stoppingSince = performance.now()
  stopping.abort()
  try {
    await (await started).stop()
    process.exit(exitCode)
  } catch (error) {
    // An aborted start has already cleaned up.
    if (error === stopping.signal.reason) process.exit(0)
    console.error(explain(error))
    process.exit(1)
  }
}

const stopOrForce = (): void => {
  if (stoppingSince !== undefined && performance.now() - stoppingSince > impatienceMs) {
    console.error('stopped at once; an embedded Postgres may still run, and the next start takes it over')
    process.exit(1)
  }
  void stop()
}

process.on('SIGINT', stopOrForce)
process.on('SIGTERM', stopOrForce)
// A launcher that is killed closes the channel; without it nobody would stop the embedded servers.
process.on('disconnect', () => void stop())

/** A new process may succeed where this one cannot continue. The supervisor starts it. */
const giveUp = (error: unknown): void => {
  console.error(explain(error))
  setTimeout(() => process.exit(restartExitCode), giveUpMs).unref()
  void stop(restartExitCode)
}

try {
  const { url, died } = await started
  void died.then(giveUp)
  // The launcher may be gone by now; its `disconnect` is on its way.
  if (process.connected) process.send?.({ ready: true, url }, undefined, undefined, () => undefined)
  if (stoppingSince === undefined) console.log(JSON.stringify({ msg: 'ready', url }))
} catch (error) {
  if (stoppingSince === undefined) {
    console.error(explain(error))
    process.exit(1)
  }
}
