// Four frames of a clip: our decoder child, warm and through its pipes, beside peers; in turns, one thread each.
import { DecoderPool } from '../apps/ingest/dist/decoding/decoder-pool.js'
import { makeClips, sidesOf } from './clips.mjs'
import { askPython } from './python.mjs'
import { inTurns, ratios } from './rounds.mjs'
import { tableOf } from './tables.mjs'

const peers = ['decord', 'TorchCodec', 'PyAV', 'OpenCV']
export const decoderLimits = {
  pixelsMax: 1e8,
  secondsMax: 3600,
  streamsMax: 16,
  decodeTimeoutMs: 60_000,
  decoderMemoryBytes: 2 ** 31,
}

/** The peers that answer at all, each as a contender. */
const presentPeers = async (ask, file, run) => {
  const present = {}
  for (const peer of peers) {
    const answer = (await ask(`${peer}\t${file}`)) ?? 'absent: its process ended'
    if (answer.startsWith('absent')) run.leaveOut(peer, answer.replace(/^absent: /, ''))
    else present[peer] = async () => Number(await ask(`${peer}\t${file}`))
  }
  return present
}

/** @type {import('./run-options.mjs').Benchmark} */
export const sampling = {
  about: 'four frames of a 15 s clip, beside decord, TorchCodec, PyAV and OpenCV',
  needs: 'a Python with bench/requirements.txt: clips and peers',
  plan: { rounds: 21, sizes: ['720x1280', '1920x1080'], seconds: 15 },
  smoke: { rounds: 2, sizes: ['180x320'], seconds: 2 },
  measure: async ({ rounds, sizes, seconds }, run) => {
    const pool = new DecoderPool({ ...decoderLimits, decoders: 1 })
    const { ask, close } = askPython('peers.py')
    const { signal } = new AbortController()
    const tables = []
    for (const size of sizes) {
      const [file] = makeClips({ ...sidesOf(size), seconds, count: 1 }, run)
      const own = async () => {
        const started = performance.now()
        const { frames } = await pool.sample(file, { frames: 4, size: 96 }, signal)
        if (frames !== 4) throw new Error(`${frames} frames`)
        return performance.now() - started
      }
      const contenders = { Reeltag: own, ...(await presentPeers(ask, file, run)) }
      const times = await inTurns(contenders, { rounds, warmUps: 1 })
      const rows = Object.entries(times).map(([name, ms]) => [
        ...[name, ms, name === 'Reeltag' ? undefined : ratios(times.Reeltag, ms)],
      ])
      const columns = [
        ['time', 'ms'],
        ['Reeltag is … of it', ''],
      ]
      tables.push(tableOf(size, `4 frames of a ${seconds} s clip, ${size}`, columns, rows))
    }
    close()
    pool.close()
    return tables
  },
}
