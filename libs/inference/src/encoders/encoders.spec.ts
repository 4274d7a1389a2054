import { describe, expect, it } from '@jest/globals'
import { defineStage, Embedded, embedFrames } from '@reeltag/contracts'
import { lookupManifest } from '../sessions/lookup.fixture.js'
import { openSession } from './encoders.js'
import { FusionHead } from './fusion-head.js'

const options = { device: 'cpu', threads: 1, lanes: 1, batchMax: 1, delayMsMax: 0, queueMax: 1 } as const

describe('openSession', () => {
  it('refuses a kind of model that it does not know, and says which it knows', async () => {
    const model = { ref: 'radar/1.0.0', folder: '/nowhere', manifest: { ...lookupManifest, kind: 'constructor' } }
    await expect(openSession(model, options)).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
      message: expect.stringMatching(/radar\/1\.0\.0 is a "constructor".*text-encoder/),
    })
  })
})

describe('FusionHead', () => {
  const embedMotion = defineStage({
    stage: 'embed-motion',
    job: 'motion.embed-motion',
    service: 'motion-encoder',
    queue: 'motion',
    needs: [],
    output: Embedded,
    stream: { name: 'motion', input: 'motion', mask: 'motion_mask' },
  })
  const tensor = (name: string) => ({ name, dtype: 'float32' as const, shape: ['n', name, 2] })
  const headOf = (names: readonly string[], table = [embedFrames, embedMotion]) => {
    const model = { ref: 'head/1.0.0', folder: '', manifest: { ...lookupManifest, inputs: names.map(tensor) } }
    return new FusionHead({ model, run: () => Promise.reject(new Error('never run')) }, table)
  }

  it('is refused where it wants what no stream gives, or a stream without its mask', () => {
    const both = ['frames', 'frame_mask', 'motion', 'motion_mask']
    expect(headOf(both).ref).toBe('head/1.0.0')
    expect(() => headOf(both, [embedFrames])).toThrow('motion, motion_mask')
    expect(() => headOf(['frames', 'frame_mask', 'motion'])).toThrow('motion_mask')
  })
})
