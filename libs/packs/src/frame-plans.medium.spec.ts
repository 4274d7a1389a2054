import { afterAll, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { FramePlans } from './frame-plans.js'

const root = path.resolve(import.meta.dirname, '../../..')
const readJson = <T>(file: string): T => JSON.parse(fs.readFileSync(file, 'utf8')) as T

describe('FramePlans', () => {
  const modelsDir = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-plans-'))
  const plans = new FramePlans({ modelsDir, taxonomiesDir: modelsDir })
  afterAll(() => fs.rmSync(modelsDir, { recursive: true, force: true }))

  interface Pack {
    version: string
    models: { vision: string }
    sampling: { id: string; frames: number }
  }
  /** A version of the starter pack with a sampling plan, and an encoder for frames of a size, of its own. */
  const add = (version: string, sampling: Pack['sampling'], size: number): string => {
    const write = (file: string, text: string): void => {
      fs.mkdirSync(path.dirname(path.join(modelsDir, file)), { recursive: true })
      fs.writeFileSync(path.join(modelsDir, file), text)
    }
    const pack = readJson<Pack>(path.join(root, 'models/packs/starter/2.0.0/pack.json'))
    const [name] = pack.models.vision.split('/')
    const manifest = readJson<Record<string, object>>(path.join(root, 'models', pack.models.vision, 'manifest.json'))
    const graph = { file: 'model.onnx', sha256: createHash('sha256').update('graph').digest('hex'), bytes: 5 }
    const preprocessing = { ...manifest['preprocessing'], size }
    write(`${name}/${version}/manifest.json`, JSON.stringify({ ...manifest, version, graph, preprocessing, files: [] }))
    write(`${name}/${version}/model.onnx`, 'graph')
    const own = { ...pack, version, sampling, models: { ...pack.models, vision: `${name}/${version}` } }
    write(`packs/starter/${version}/pack.json`, JSON.stringify(own))
    return `starter/${version}`
  }

  it('names frames by their plan and by their size, so that packs share them only where both are equal', async () => {
    const packs = [
      add('1.0.0', { id: 'even-4', frames: 4 }, 96),
      add('1.0.1', { id: 'even-4', frames: 4 }, 96),
      add('1.0.2', { id: 'even-4', frames: 4 }, 224),
      add('1.0.3', { id: 'even-8', frames: 8 }, 96),
    ]
    expect(await Promise.all(packs.map((pack) => plans.planOf(pack)))).toEqual([
      { id: 'even-4@96', frames: 4, size: 96 },
      { id: 'even-4@96', frames: 4, size: 96 },
      { id: 'even-4@224', frames: 4, size: 224 },
      { id: 'even-8@96', frames: 8, size: 96 },
    ])
  })

  it('has none for a pack without a stream of frames', async () => {
    add('1.2.0', { id: 'even-4', frames: 4 }, 96)
    const file = path.join(modelsDir, 'packs/starter/1.2.0/pack.json')
    const { models: _, sampling: __, ...rest } = readJson<Pack>(file)
    const streams = { text: { encoder: 'starter-text/2.0.0' } }
    const facet = { leaves: ['a', 'b'], role: 'deciding', temperature: { text: 1 } }
    const publish = { text: { kind: 'never', because: 'not calibrated' } }
    const own = { ...rest, format: 2, streams, head: 'h/1.0.0', facets: { subject: { ...facet, publish } } }
    fs.writeFileSync(file, JSON.stringify(own))
    expect(await plans.planOf('starter/1.2.0')).toBeUndefined()
  })

  it('reads a pack again that could not be read before', async () => {
    await expect(plans.planOf('starter/1.1.0')).rejects.toMatchObject({ code: 'MODEL_MISSING' })
    add('1.1.0', { id: 'even-4', frames: 4 }, 96)
    expect(await plans.planOf('starter/1.1.0')).toMatchObject({ id: 'even-4@96' })
  })
})
