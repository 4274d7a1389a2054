// npm run bench [-- sampling | pipeline | relay | bookkeeping | split | encoders | videos | scale]
import os from 'node:os'
import { bootstrap, main } from '../scripts/bootstrap.mjs'

await main(async () => {
  await bootstrap()
  const suites = {
    sampling: async () => (await import('./sampling.mjs')).benchSampling(),
    pipeline: async () => (await import('./pipeline.mjs')).benchPipeline(),
    relay: async () => (await import('./relay.mjs')).benchRelay(),
    bookkeeping: async () => (await import('./bookkeeping.mjs')).benchBookkeeping(),
    split: async () => (await import('./split.mjs')).benchSplit(),
    encoders: async () => (await import('./encoders.mjs')).benchEncoders(),
    videos: async () => (await import('./videos.mjs')).benchVideos(),
    scale: async () => (await import('./scale.mjs')).benchScale(),
  }
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !(name in suites))
  if (unknown.length > 0)
    throw new Error(`there is no benchmark ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}`)
  const [cpu] = os.cpus()
  console.log(
    `\n${new Date().toISOString().slice(0, 10)}, ${os.availableParallelism()} × ${cpu.model}, Node ${process.versions.node}`,
  )
  for (const name of wanted.length > 0 ? wanted : Object.keys(suites)) await suites[name]()
})
process.exit()
