import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../../../..')
export const sample = path.join(root, 'samples/panda.mp4')

/** A file of apps/ingest/fixtures. */
export const fixture = (name: string): string => path.join(root, 'apps/ingest/fixtures', name)

/** Those of the platform, but for one decoder alone. */
export const limits = {
  decoders: 1,
  pixelsMax: 35_389_440,
  secondsMax: 3_600,
  streamsMax: 16,
  decodeTimeoutMs: 20_000,
  decoderMemoryBytes: 2 ** 30,
}
