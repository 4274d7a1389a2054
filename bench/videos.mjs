// A video and its text, from file to embeddings: our decoder and encoders (ViT-B/16, INT8 and fp32) beside a Python script
// of decord and transformers. Random weights of the true shape; warm; in turns, every clip another one.
import { spawn } from 'node:child_process'
import path from 'node:path'
import readline from 'node:readline'
import os from 'node:os'
import { loadModel } from '@reeltag/inference'
import { DecoderPool } from '../apps/ingest/dist/sampling/decoder-pool.js'
import { ModelSession } from '../libs/inference/dist/model-session.js'
import { makeClips, printTable, python, quantile } from './clips.mjs'
import { encodersFolder, prepareEncoder } from './encoders.mjs'

const rounds = 7
const size = 'vit-b-16'
const threads = os.availableParallelism()
const limits = { decoders: 1, pixelsMax: 1e8, secondsMax: 3600, streamsMax: 16 }
const options = { device: 'cpu', threads, lanes: 1, batchMax: 16, delayMsMax: 2, queueMax: 1024 }
const folders = { modelsDir: path.join(encodersFolder, 'models'), taxonomiesDir: encodersFolder }

const openPeer = async () => {
  const child = spawn(python, [path.join(import.meta.dirname, 'video_peer.py')], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  if ((await lines.next()).value !== 'ready')
    throw new Error('the Python peer did not start; remedy: BENCH_PYTHON with bench/ and training/requirements.txt')
  const tag = async (file, frames) => {
    child.stdin.write(`${frames}\t${threads}\t${file}\n`)
    return Number((await lines.next()).value)
  }
  return { tag, close: () => child.stdin.end() }
}

const openOwn = async (pool, precision) => {
  const open = async (role) =>
    ModelSession.open(await loadModel(folders, `bench-${size}-${role}-${precision}/1.0.0`, `${role}-encoder`), options)
  const [vision, text] = [await open('vision'), await open('text')]
  const side = vision.model.manifest.preprocessing.size
  const { signal } = new AbortController()
  const words = () => ({
    input_ids: { data: BigInt64Array.from({ length: 20 }, (_, token) => BigInt(200 + token)), dims: [1, 20] },
    attention_mask: { data: new BigInt64Array(20).fill(1n), dims: [1, 20] },
  })
  const tag = async (file, frames) => {
    const started = performance.now()
    const sampled = pool.sample(file, { frames, size: side }, signal).then(({ tensor, frames: found }) => {
      if (found !== frames) throw new Error(`${found} frames`)
      return vision.run({ frames: { data: new Uint8Array(tensor), dims: [frames, side, side, 3] } })
    })
    await Promise.all([sampled, text.run(words())])
    return performance.now() - started
  }
  return { tag, close: () => Promise.all([vision.close(), text.close()]) }
}

export const benchVideos = async () => {
  await prepareEncoder(size)
  const clips = makeClips(720, 1280, 15, 22)
  const pool = new DecoderPool({ ...limits, decodeTimeoutMs: 60_000, decoderMemoryBytes: 2 ** 31 })
  const contenders = {
    'Reeltag INT8': await openOwn(pool, 'int8'),
    'Reeltag fp32': await openOwn(pool, 'fp32'),
    'decord and transformers, fp32': await openPeer(),
  }
  const rows = []
  for (const frames of [4, 8, 16]) {
    const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
    for (let round = 0; round <= rounds; round++)
      for (const [name, { tag }] of Object.entries(contenders)) {
        const ms = await tag(clips[round], frames)
        // The first round warms everybody up and does not count.
        if (round > 0) times[name].push(ms)
      }
    const [own, own32, peer] = Object.values(times).map((ms) => quantile(ms, 0.5))
    rows.push(
      [frames, own, own32, peer, peer / own, peer / own32].map((x, i) => (i === 0 ? x : x.toFixed(i < 4 ? 0 : 2))),
    )
  }
  printTable(
    `A 15 s 720×1280 clip and a text of 20 tokens, ViT-B/16, from file to embeddings, ms p50 of ${rounds}, ${threads} threads`,
    ['frames', ...Object.keys(contenders), 'INT8 is … times as fast', 'fp32 is'],
    rows,
  )
  for (const { close } of Object.values(contenders)) await close()
  pool.close()
}
