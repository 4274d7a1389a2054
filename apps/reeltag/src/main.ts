import 'reflect-metadata'
import { loadConfig } from '@reeltag/platform'
import { explain } from './explain.js'
import { startReeltag, type Reeltag } from './process/reeltag.js'

/** A second Ctrl-C within this time is the first one seen twice, by us and by whoever started us. */
const impatienceMs = 1_000

/** `EX_TEMPFAIL` of sysexits.h: nothing is wrong with the configuration; start it again. */
const restartExitCode = 75
/** How long a process that gives up may finish what is under way. */
const giveUpMs = 20_000

const stopping = new AbortController()
const started: Promise<Reeltag> = Promise.resolve().then(() => startReeltag(loadConfig(process.env), stopping.signal))

let stoppingSince: number | undefined

/** Stops in order, also in the middle of starting: servers that were started must not be left to nobody. */
const stop = async (exitCode = 0): Promise<void> => {
  if (stoppingSince !== undefined) return
  stoppingSince = performance.now()
  stopping.abort()
  try {
    await (await started).stop()
    process.exit(exitCode)
  } catch (error) {
    // A start that was called off has cleaned up after itself.
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

/** What cannot go on in this process may in the next: whoever supervises it starts it again. */
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
