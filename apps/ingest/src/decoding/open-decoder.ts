import { DecoderPool, type DecoderPoolConfig } from './decoder-pool.js'
import type { Decoder } from './decoder.js'

/**
 * The one place that chooses a decoder. Today FFmpeg in children reads every file.
 * @param onReplaced called for each child that crashed, hung or grew
 */
export const openDecoder = (config: DecoderPoolConfig, onReplaced: () => void): Decoder =>
  new DecoderPool(config, onReplaced)
