// A video and its text, from file to embeddings: our decoder and encoders (ViT-B/16, INT8 and fp32) beside a Python script
// of decord and transformers. Random weights of the true shape; warm; in turns, every clip another one.
import os from 'node:os'
import { loadModel } from '@reeltag/packs'
import { DecoderPool } from '../apps/ingest/dist/decoding/decoder-pool.js'
import { openSession } from '../libs/inference/dist/encoders/encoders.js'
import { makeClips, sidesOf } from './clips.mjs'
import { encoderModels } from './encoder-models.mjs'
import { askPython, pythonLacks } from './python.mjs'
import { inTurns, ratios } from './rounds.mjs'
import { decoderLimits } from './sampling.mjs'
import { tableOf } from './tables.mjs'

const threads = os.availableParallelism()
const tokens = 20
/** @type {import('@reeltag/inference').InferenceOptions} */
const inference = { device: 'cpu', threads, lanes: 1, batchMax: 16, delayMsMax: 2, queueMax: 1024 }

const openPeer = async (run) => {
  const lacks = pythonLacks(['decord', 'torch', 'transformers', 'numpy'])
  if (lacks !== undefined) return void run.leaveOut('decord and transformers', lacks)
  const { next, ask, close } = askPython('video_peer.py')
  if ((await next()) !== 'ready') throw new Error('bench/video_peer.py did not start')
  const tag = async (file, frames) => Number(await ask(`${frames}\t${threads}\t${file}`))
  return { tag, close }
}

/** @param {import('./encoder-models.mjs').EncoderModels} models */
const openOwn = async (pool, models, precision) => {
  const load = (role, kind) => loadModel(models.folders, models.refOf(role, precision), kind)
  const vision = await openSession(await load('vision', 'vision-encoder'), inference)
  const text = await openSession(await load('text', 'text-encoder'), inference)
  const side = Number(vision.model.manifest.preprocessing.size)
  const { signal } = new AbortController()
  const words = () => ({
    input_ids: { data: BigInt64Array.from({ length: tokens }, (_, token) => BigInt(200 + token)), dims: [1, tokens] },
    attention_mask: { data: new BigInt64Array(tokens).fill(1n), dims: [1, tokens] },
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

const openAll = async (plan, run, pool) => {
  const models = await encoderModels(plan.model, run)
  const opened = {}
  for (const precision of models.precisions) opened[`Reeltag ${precision}`] = await openOwn(pool, models, precision)
  const peer = await openPeer(run)
  return peer === undefined ? opened : { ...opened, 'decord and transformers, fp32': peer }
}

/** @type {import('./run-options.mjs').Benchmark} */
export const videos = {
  about: 'a video and its text from file to embeddings, beside decord and transformers',
  needs: 'a Python with bench/requirements.txt and training/requirements.txt',
  plan: { rounds: 7, model: 'vit-b-16', size: '720x1280', seconds: 15, frames: [4, 8, 16] },
  smoke: { rounds: 1, model: 'tiny', size: '180x320', seconds: 2, frames: [4] },
  measure: async (plan, run) => {
    const clips = makeClips({ ...sidesOf(plan.size), seconds: plan.seconds, count: plan.rounds + 1 }, run)
    const pool = new DecoderPool({ ...decoderLimits, decoders: 1 })
    const opened = await openAll(plan, run, pool)
    const tables = []
    for (const frames of plan.frames) {
      const contenders = Object.fromEntries(
        Object.entries(opened).map(([name, { tag }]) => [name, (round) => tag(clips[round], frames)]),
      )
      const times = await inTurns(contenders, { rounds: plan.rounds, warmUps: 1 })
      const own = Object.entries(times).filter(([name]) => name.startsWith('Reeltag'))
      const columns = [['time', 'ms'], ...own.map(([name]) => [`${name} is … times as fast`, ''])]
      const rows = Object.entries(times).map(([name, ms]) => [name, ms, ...own.map(([, mine]) => ratios(ms, mine))])
      const title = `${frames} frames of a ${plan.seconds} s clip, ${plan.size}, and a text of ${tokens} tokens, ${plan.model}, ${threads} threads`
      tables.push(tableOf(`frames-${frames}`, title, columns, rows))
    }
    for (const { close } of Object.values(opened)) await close()
    pool.close()
    return tables
  },
}
