import { afterAll, describe, expect, it } from '@jest/globals'
import { maskOf, PackManifestV1, PackManifestV2 } from '@reeltag/contracts'
import { decideContent } from '@reeltag/decisions'
import { loadPack, PackLabelsReader, upcastV1, type FacetLabels } from '@reeltag/packs'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../../../..')
const folders = { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') }

interface Decided {
  readonly decision: string
  readonly tags: readonly { facet: string; path: string; confidence: number; status: string }[]
}
interface Row {
  readonly pack: string
  readonly sample: string
  readonly modalities: readonly string[]
  /** Little-endian float32 over the leaves, base64, by facet. */
  readonly logits: Readonly<Record<string, string>>
  /** By what was changed in the facets that decide. */
  readonly decided: Readonly<Record<string, Decided>>
}

/** What the starter packs made of the samples before there was a format 2, and what was decided. Written once. */
const rows = JSON.parse(
  fs.readFileSync(path.join(root, 'apps/fusion/src/classification/decided-by-format-1.json'), 'utf8'),
) as Row[]

type FacetV1 = PackManifestV1['facets'][string]
const changes: Readonly<Record<string, Partial<FacetV1>>> = {
  released: {},
  uncalibrated: { calibrated: false },
  'from 0': { publishAt: 0 },
  'from 1': { publishAt: 1 },
}

/** The starter pack as it was released, with a change in the facets that decide. */
const readV1 = (ref: string, change: string): PackManifestV1 => {
  const manifest = PackManifestV1.parse(
    JSON.parse(fs.readFileSync(path.join(folders.modelsDir, 'packs', ref, 'pack.json'), 'utf8')),
  )
  const changed = Object.entries(manifest.facets).map(
    ([id, facet]) => [id, facet.advisory === true ? facet : { ...facet, ...changes[change] }] as const,
  )
  return { ...manifest, facets: Object.fromEntries(changed) }
}

const floats = (base64: string): Float32Array => new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer)

describe('what was decided before there was a format 2', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-decided-'))
  const copied = { ...folders, modelsDir: path.join(home, 'models') }
  fs.cpSync(folders.modelsDir, copied.modelsDir, { recursive: true })
  afterAll(() => fs.rmSync(home, { recursive: true, force: true }))

  /** Puts a manifest in the place of a pack's own, and loads the pack as a service does. */
  const labelsOf = async (ref: string, manifest: object) => {
    fs.writeFileSync(path.join(copied.modelsDir, 'packs', ref, 'pack.json'), JSON.stringify(manifest))
    return new PackLabelsReader({ pack: (wanted) => loadPack(copied, wanted) }).of(ref)
  }
  const again = ({ logits, modalities }: Row, facets: readonly FacetLabels[]) => {
    const scores = Object.fromEntries(Object.entries(logits).map(([facet, values]) => [facet, floats(values)]))
    return decideContent(facets, scores, maskOf(modalities))
  }

  const cases = ['starter/1.0.0', 'starter/2.0.0'].flatMap((pack) =>
    Object.keys(changes).map((change) => [pack, change] as const),
  )
  it.each(cases)('is decided bit for bit again: %s, %s', async (pack, change) => {
    const of = rows.filter((row) => row.pack === pack && change in row.decided)
    expect(of.length).toBeGreaterThanOrEqual(6)
    const first = readV1(pack, change)
    const second = PackManifestV2.parse(upcastV1(first))
    for (const manifest of [first, second]) {
      const { facets, versions } = await labelsOf(pack, manifest)
      expect(versions).toEqual({ pack, ...first.models, taxonomy: first.taxonomy, sampling: first.sampling.id })
      for (const row of of)
        expect({ sample: row.sample, ...again(row, facets) }).toMatchObject({
          sample: row.sample,
          ...row.decided[change],
        })
    }
  })

  it('was of every kind', () => {
    const decisions = new Set(rows.flatMap(({ decided }) => Object.values(decided).map(({ decision }) => decision)))
    expect([...decisions].toSorted()).toEqual(['published', 'published-ancestor', 'review'])
    expect(new Set(rows.map(({ modalities }) => maskOf(modalities)))).toEqual(new Set(['text+video', 'video', 'text']))
  })
})
