// node bench/encoders-own.mjs --models FOLDER --taxonomies FOLDER --ref NAME/VERSION --role vision|text …
// Our encoder through its queue; a JSON object a line. A batch is so many callers at once, each with one frame or text, as
// videos come: what joins them is what is measured too.
import { parseArgs } from 'node:util'
import { loadModel } from '@reeltag/packs'
import { openSession } from '../libs/inference/dist/encoders/encoders.js'
import { sayTimed } from './say-timed.mjs'

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    taxonomies: { type: 'string' },
    ref: { type: 'string' },
    role: { type: 'string', default: 'vision' },
    precision: { type: 'string', default: 'fp32' },
    threads: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '3' },
    batches: { type: 'string', default: '1,4,8,16' },
  },
})
const { role, precision } = values
const threads = Number(values.threads)
const tokens = 20
/** Ids that every tokenizer has. */
const [idMin, idMax] = [200, 8_000]
const model = await loadModel(
  { modelsDir: values.models, taxonomiesDir: values.taxonomies },
  values.ref,
  role === 'vision' ? 'vision-encoder' : 'text-encoder',
)
const limits = { batchMax: 16, delayMsMax: 2, queueMax: 1024 }
const session = await openSession(model, { device: 'cpu', threads, lanes: 1, ...limits })

const bytesOf = (side) => Uint8Array.from({ length: side * side * 3 }, () => Math.floor(Math.random() * 255))
const feedsOf = {
  vision: () => {
    const side = Number(model.manifest.preprocessing.size)
    return { frames: { data: bytesOf(side), dims: [1, side, side, 3] } }
  },
  text: () => {
    const id = () => BigInt(idMin + Math.floor(Math.random() * (idMax - idMin)))
    return {
      input_ids: { data: BigInt64Array.from({ length: tokens }, id), dims: [1, tokens] },
      attention_mask: { data: new BigInt64Array(tokens).fill(1n), dims: [1, tokens] },
    }
  },
}

for (const batch of values.batches.split(',').map(Number)) {
  const feeds = Array.from({ length: batch }, feedsOf[role])
  // The buffer of a feed goes to the session's thread, so each run has a copy: as each frame of a video has a buffer of its own.
  const copy = (feed) =>
    Object.fromEntries(Object.entries(feed).map(([name, { data, dims }]) => [name, { data: data.slice(), dims }]))
  const once = () => Promise.all(feeds.map((feed) => session.run(copy(feed))))
  await sayTimed({ peer: 'Reeltag', role, precision, batch, threads }, Number(values.seconds), once)
}
await session.close()
