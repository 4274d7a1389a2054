// node served_pack.mjs MODELS TAXONOMIES PACK: a request on standard input, logits by facet out, by the classes that serve.
// The request: {"frames": base64 of uint8 F×S×S×3 or null, "text": string or null}, a line each.
import { readFileSync } from 'node:fs'
import { PackServer } from '../../libs/inference/dist/index.js'

const [modelsDir, taxonomiesDir, ref] = process.argv.slice(2)
/** @type {import('../../libs/inference/dist/index.js').InferenceOptions} */
const options = { device: 'cpu', threads: 1, lanes: 1, batchMax: 8, delayMsMax: 1, queueMax: 64 }
const server = new PackServer({ modelsDir, taxonomiesDir }, options)
const [vision, text, fusion] = await Promise.all([server.encoder(ref, 'video', 'vision-encoder'), server.encoder(ref, 'text', 'text-encoder'), server.head(ref)])
const answer = async (line) => {
  const request = JSON.parse(line)
  const [video, title] = await Promise.all([
    request.frames && vision.embed(Uint8Array.from(Buffer.from(request.frames, 'base64')), 'training'),
    request.text && text.embed(request.text),
  ])
  const logits = await fusion.score(new Map(Object.entries({ video, text: title }).filter(([, stream]) => stream)))
  return Object.fromEntries(Object.entries(logits).map(([facet, values]) => [facet, [...values]]))
}
const lines = readFileSync(0, 'utf8').split('\n').filter(Boolean)
for (const logits of await Promise.all(lines.map(answer))) process.stdout.write(`${JSON.stringify(logits)}\n`)
await server.close()
