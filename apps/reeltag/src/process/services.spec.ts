import { describe, expect, it } from '@jest/globals'
import { classify, embedFrames, embedText, sampleFrames } from '@reeltag/contracts'
import { loadConfig } from '@reeltag/platform'
import 'reflect-metadata'
import { deviceOf } from './services.js'

const stages = [sampleFrames, embedText, embedFrames, classify]

describe('deviceOf', () => {
  it('says that encoders run on the model server where one is named, and the rest here', () => {
    const of = deviceOf(loadConfig({ MODEL_SERVER_URL: 'http://models:8000' }))
    expect(stages.map(({ job }) => of(job))).toEqual(['cpu', 'server', 'server', 'cpu'])
  })

  it('says that all run on the device of this process where no server is named', () => {
    const of = deviceOf(loadConfig({ MODEL_DEVICE: 'cuda' }))
    expect(stages.map(({ job }) => of(job))).toEqual(['cuda', 'cuda', 'cuda', 'cuda'])
  })
})
