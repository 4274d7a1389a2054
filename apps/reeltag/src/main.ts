import 'reflect-metadata'
import { loadConfig } from '@reeltag/platform'
import { explain } from './explain.js'
import { startReeltag, type Reeltag } from './reeltag.js'

const stopOn = (reeltag: Reeltag): void => {
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    reeltag.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(explain(error))
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // A launcher that is killed closes the channel; without it nobody would stop the embedded servers.
  process.on('disconnect', stop)
}

try {
  const reeltag = await startReeltag(loadConfig(process.env))
  stopOn(reeltag)
  process.send?.({ ready: true, url: reeltag.url })
  console.log(JSON.stringify({ msg: 'ready', url: reeltag.url }))
} catch (error) {
  console.error(explain(error))
  process.exit(1)
}
