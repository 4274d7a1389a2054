// node bench/encoders-own.mjs FOLDER SIZE ROLE PRECISION THREADS SECONDS: our encoder through its queue; a JSON object a line.
// A batch is so many callers at once, each with one frame or text, as videos come: what joins them is what is measured too.
import path from 'node:path'
import { loadModel } from '@reeltag/inference'
import { ModelSession } from '../libs/inference/dist/model-session.js'
import { sayTimed } from './say-timed.mjs'

const [folder, size, role, precision, threads, seconds] = process.argv.slice(2)
const tokens = 20
const folders = { modelsDir: path.join(folder, 'models'), taxonomiesDir: folder }
const model = await loadModel(folders, `bench-${size}-${role}-${precision}/1.0.0`, `${role}-encoder`)
const limits = { batchMax: 16, delayMsMax: 2, queueMax: 1024 }
const session = await ModelSession.open(model, { device: 'cpu', threads: Number(threads), lanes: 1, ...limits })

const bytesOf = (side) => Uint8Array.from({ length: side * side * 3 }, () => Math.floor(Math.random() * 255))
const feedsOf = {
  vision: () => {
    const side = model.manifest.preprocessing.size
    return { frames: { data: bytesOf(side), dims: [1, side, side, 3] } }
  },
  text: () => {
    const ids = BigInt64Array.from({ length: tokens }, () => BigInt(200 + Math.floor(Math.random() * 20_000)))
    return {
      input_ids: { data: ids, dims: [1, tokens] },
      attention_mask: { data: new BigInt64Array(tokens).fill(1n), dims: [1, tokens] },
    }
  },
}

for (const batch of [1, 4, 8, 16]) {
  const feeds = Array.from({ length: batch }, feedsOf[role])
  // The buffer of a feed goes to the session's thread, so each run has a copy: as each frame of a video has a buffer of its own.
  const copy = (feed) =>
    Object.fromEntries(Object.entries(feed).map(([name, { data, dims }]) => [name, { data: data.slice(), dims }]))
  const once = () => Promise.all(feeds.map((feed) => session.run(copy(feed))))
  await sayTimed({ peer: 'Reeltag', size, role, precision, batch, threads: Number(threads) }, Number(seconds), once)
}
await session.close()
