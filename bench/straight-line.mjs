// Decode, encode, classify: the platform's own code without queues, database and HTTP.
import path from 'node:path'
import { maskOf } from '@reeltag/contracts'
import { decideContent } from '@reeltag/decisions'
import { PackServer } from '@reeltag/inference'
import { FramePlans, PackLabelsReader } from '@reeltag/packs'
import { DecoderPool } from '../apps/ingest/dist/decoding/decoder-pool.js'
import { decoderLimits } from './sampling.mjs'

const root = path.resolve(import.meta.dirname, '..')
const folders = { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') }
const packRef = 'starter/2.0.0'
/** @type {import('@reeltag/inference').InferenceOptions} */
const inference = { device: 'cpu', threads: 1, lanes: 1, batchMax: 32, delayMsMax: 2, queueMax: 1024 }

const openTagger = async (server, pool) => {
  const [vision, text, fusion, { facets }, plan] = await Promise.all([
    server.encoder(packRef, 'video', 'vision-encoder'),
    server.encoder(packRef, 'text', 'text-encoder'),
    server.head(packRef),
    new PackLabelsReader(server).of(packRef),
    new FramePlans(folders).planOf(packRef),
  ])
  const { signal } = new AbortController()
  return async ({ file, title }) => {
    const [video, words] = await Promise.all([
      pool.sample(file, plan, signal).then(({ tensor }) => vision.embed(new Uint8Array(tensor), 'bench')),
      text.embed(title),
    ])
    const streams = { video, text: words }
    const logits = await fusion.score(new Map(Object.entries(streams)))
    return decideContent(facets, logits, maskOf(Object.keys(streams)))
  }
}

/** @param {readonly { file: string, title: string }[]} clips @param {number} concurrency loops side by side @returns videos a second */
export const straightLine = async (clips, concurrency) => {
  const server = new PackServer(folders, inference)
  const pool = new DecoderPool({ ...decoderLimits, decoders: concurrency })
  try {
    const tag = await openTagger(server, pool)
    await Promise.all(clips.slice(0, concurrency).map(tag))
    const started = performance.now()
    const left = [...clips]
    const loop = async () => {
      for (let clip = left.shift(); clip !== undefined; clip = left.shift()) await tag(clip)
    }
    await Promise.all(Array.from({ length: concurrency }, loop))
    return clips.length / ((performance.now() - started) / 1000)
  } finally {
    pool.close()
    await server.close()
  }
}
