// Four frames of a 15 s clip: our decoder child, warm and through its pipes, beside peers; interleaved, one thread each.
import { spawn } from 'node:child_process'
import path from 'node:path'
import readline from 'node:readline'
import { DecoderPool } from '../apps/ingest/dist/sampling/decoder-pool.js'
import { makeClips, printTable, python, quantile } from './clips.mjs'

const rounds = 21
const peers = ['decord', 'TorchCodec', 'PyAV', 'OpenCV']
const sizes = [
  [720, 1280],
  [1920, 1080],
]
const limits = {
  decoders: 1,
  pixelsMax: 1e8,
  secondsMax: 3600,
  streamsMax: 16,
  decodeTimeoutMs: 60_000,
  decoderMemoryBytes: 2 ** 31,
}

const startPeers = () => {
  const child = spawn(python, [path.join(import.meta.dirname, 'peers.py')], { stdio: ['pipe', 'pipe', 'ignore'] })
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (peer, file) => {
    child.stdin.write(`${peer}\t${file}\n`)
    return (await lines.next()).value ?? 'absent: its process ended'
  }
  return { ask, close: () => child.stdin.end() }
}

export const benchSampling = async () => {
  const pool = new DecoderPool(limits)
  const { ask, close } = startPeers()
  const { signal } = new AbortController()
  for (const [width, height] of sizes) {
    const [file] = makeClips(width, height, 15, 1)
    const times = new Map([['Reeltag', []], ...peers.map((peer) => [peer, []])])
    const absent = new Map()
    for (let round = 0; round <= rounds; round++) {
      const started = performance.now()
      const { frames } = await pool.sample(file, { frames: 4, size: 96 }, signal)
      if (frames !== 4) throw new Error(`${frames} frames`)
      // The first round warms everybody up and does not count.
      if (round > 0) times.get('Reeltag').push(performance.now() - started)
      for (const peer of peers) {
        const answer = await ask(peer, file)
        if (answer.startsWith('absent')) absent.set(peer, answer)
        else if (round > 0) times.get(peer).push(Number(answer))
      }
    }
    const own = quantile(times.get('Reeltag'), 0.5)
    const rows = [...times].map(([name, values]) =>
      values.length === 0
        ? [name, absent.get(name), '', '']
        : [
            name,
            quantile(values, 0.5).toFixed(1),
            quantile(values, 0.9).toFixed(1),
            name === 'Reeltag' ? '' : (own / quantile(values, 0.5)).toFixed(2),
          ],
    )
    printTable(
      `4 frames of a 15 s ${width}×${height} clip, ms, ${rounds} rounds`,
      ['', 'p50', 'p90', 'Reeltag is … of it'],
      rows,
    )
  }
  close()
  pool.close()
}
