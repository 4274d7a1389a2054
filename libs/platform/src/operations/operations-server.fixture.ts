// A process whose event loop can be blocked from outside, for operations-server.medium.spec.ts.
import { Health } from './health.js'
import { Metrics } from './metrics.js'
import { OperationsServer } from './operations-server.js'

const server = await OperationsServer.open({ host: '127.0.0.1', port: 0 }, new Health(), new Metrics())
process.on('message', (ms: number) => {
  process.send?.('blocked', () => {
    const until = performance.now() + ms
    while (performance.now() < until);
  })
})
process.on('disconnect', () => process.exit(0))
process.send?.(server.url)
