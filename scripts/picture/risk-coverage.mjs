// node scripts/picture/risk-coverage.mjs, behind npm run bench -- decisions, which scores the clips
// docs/images/risk-coverage.svg: what a policy of the starter pack would publish, drawn as the API draws it.
import { fitPolicy } from '@reeltag/decisions'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { PackFacets } from '../../apps/policies/dist/policies/pack-facets.js'
import { riskCoveragePlot } from '../../apps/policies/dist/plots/risk-coverage-plot.js'
import { root } from '../bootstrap.mjs'

const [pack, mask, error] = ['starter/2.0.0', 'video', 0.05]
const picture = path.join(root, 'docs/images/risk-coverage.svg')
const folder = path.join(root, 'bench/.cache/starter-4000')

const { leaves, truth } = JSON.parse(fs.readFileSync(path.join(folder, 'scores.json'), 'utf8'))
const bytes = fs.readFileSync(path.join(folder, `${mask}.f32`))
const logits = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
const contents = truth[mask].map((leaf, row) => ({
  contentHash: createHash('sha256').update(`clip ${row}`).digest('hex'),
  mask,
  logits: { subject: logits.subarray(row * leaves.length, (row + 1) * leaves.length) },
  truth: { subject: [leaves[leaf]] },
}))
const packs = new PackFacets({ modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') })
const { curves } = fitPolicy(await packs.of(pack), contents, { targets: [{ facet: 'subject', error }], delta: 0.1 })
const svg = await riskCoveragePlot({
  ref: 'five-percent/1',
  facet: 'Subject',
  mask,
  curves: curves.subject[mask],
  promised: [error],
  language: 'en',
})
fs.writeFileSync(picture, svg)
console.log(`${path.relative(root, picture)} is written (${svg.length} bytes)`)
