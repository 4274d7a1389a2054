import { afterAll, describe, expect, it } from '@jest/globals'
import type { LoadedPack } from './loaded-pack.js'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { PackLabelsReader } from './labels.js'

const yaml = (version: number, leaf: string): string => `
format: 1
name: tiny
version: ${version}
facets:
- id: subject
  kind: single
  names: {zh: 主题, en: Subject}
  nodes:
  - {id: ${leaf}, names: {zh: 甲, en: A}}
  - {id: food, names: {zh: 食物, en: Food}}
`

describe('PackLabelsReader', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-labels-'))
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

  const packs: Record<string, { manifest: object; taxonomyFile: string }> = {}
  const add = (ref: string, own: { taxonomy: string; text: string; leaves: string[] }): string => {
    const taxonomyFile = path.join(folder, `${ref.replace('/', '-')}.yaml`)
    fs.writeFileSync(taxonomyFile, own.text)
    const [name, version] = ref.split('/')
    const facets = { subject: { leaves: own.leaves } }
    const manifest = { name, version, streams: {}, head: `f/${version}`, facets, taxonomy: own.taxonomy }
    packs[ref] = { manifest, taxonomyFile }
    return ref
  }
  const pack = async (ref: string) => ({ ref, ...packs[ref] })
  const labels = new PackLabelsReader({ pack: pack as unknown as (ref: string) => Promise<LoadedPack> })

  it('gives each pack its own leaves, taxonomy and versions', async () => {
    const [one, two] = [
      add('tiny/1.0.0', { taxonomy: 'tiny/1', text: yaml(1, 'cat'), leaves: ['food', 'cat'] }),
      add('tiny/2.0.0', { taxonomy: 'tiny/2', text: yaml(2, 'dog'), leaves: ['dog', 'food'] }),
    ]
    const told = async (ref: string) => {
      const { facets, versions } = await labels.of(ref)
      return [facets.map(({ leaves }) => leaves), versions.pack, versions.taxonomy, versions.fusion]
    }
    for (let again = 0; again < 2; again++) {
      expect(await told(one)).toEqual([[['food', 'cat']], 'tiny/1.0.0', 'tiny/1', 'f/1.0.0'])
      expect(await told(two)).toEqual([[['dog', 'food']], 'tiny/2.0.0', 'tiny/2', 'f/2.0.0'])
    }
  })

  it.each([
    ['another version', 'tiny/2', ['cat', 'food']],
    ['other leaves', 'tiny/1', ['dog', 'food']],
    ['fewer leaves', 'tiny/1', ['food']],
  ])('refuses a pack whose taxonomy has %s, until its file is mended', async (_, taxonomy, leaves) => {
    const ref = add('tiny/3.0.0', { taxonomy, text: yaml(1, 'cat'), leaves })
    await expect(labels.of(ref)).rejects.toMatchObject({ code: 'TAXONOMY_INVALID' })
  })

  it('reads a pack again that was refused before', async () => {
    const ref = add('tiny/4.0.0', { taxonomy: 'tiny/1', text: '', leaves: ['cat', 'food'] })
    await expect(labels.of(ref)).rejects.toMatchObject({ code: 'TAXONOMY_INVALID' })
    add('tiny/4.0.0', { taxonomy: 'tiny/1', text: yaml(1, 'cat'), leaves: ['cat', 'food'] })
    expect((await labels.of(ref)).versions.pack).toBe(ref)
  })
})
