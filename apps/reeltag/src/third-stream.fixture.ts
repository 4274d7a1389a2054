import { maskOf, PackManifestV1, type PackManifest, type StreamStage } from '@reeltag/contracts'
import { upcastV1 } from '@reeltag/packs'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/** A field of a protobuf message that holds bytes. */
const field = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes])
const varint = (value: number): Buffer =>
  Buffer.from(value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)])
const text = (value: string): Buffer => Buffer.from(value)

/** A float input of an ONNX graph; a dimension is a number or a name. */
const input = (name: string, dims: readonly (number | string)[]): Buffer => {
  const shape = dims.map((dim) =>
    field(1, typeof dim === 'string' ? field(2, text(dim)) : Buffer.concat([varint(1 << 3), varint(dim)])),
  )
  const tensor = Buffer.concat([varint(1 << 3), varint(1), field(2, Buffer.concat(shape))])
  return field(11, Buffer.concat([field(1, text(name)), field(2, field(1, tensor))]))
}

interface Manifest {
  name: string
  version: string
  kind: string
  graph: { sha256: string; bytes: number }
  inputs: { name: string; dtype: string; shape: (number | string)[] }[]
  outputs: { shape: (number | string)[] }[]
}

/**
 * Adds to a models folder a pack with one stream more: an encoder like one that is there, and the starter's head with
 * inputs for it. Protobuf joins messages that follow each other, so that the head's graph grows by what is appended.
 * @returns `starter/<version>`
 */
export const addThirdStream = (
  modelsDir: string,
  version: string,
  { stream, like, kind }: Pick<StreamStage, 'stream'> & { readonly like: string; readonly kind: string },
): string => {
  const starter = readJson(path.join(modelsDir, 'packs/starter/2.0.0/pack.json'))
  const pack = { ...upcastV1(PackManifestV1.parse(starter)), version }
  const checksums = { ...pack.checksums }
  const addModel = (from: string, name: string, change: (manifest: Manifest, graph: Buffer) => Buffer): Manifest => {
    const ref = `${name}/${version}`
    const folder = path.join(modelsDir, ref)
    fs.cpSync(path.join(modelsDir, from), folder, { recursive: true })
    const manifest = { ...(readJson(path.join(folder, 'manifest.json')) as Manifest), name, version }
    const graph = change(manifest, fs.readFileSync(path.join(folder, 'model.onnx')))
    Object.assign(manifest.graph, { sha256: hash(graph), bytes: graph.length })
    fs.writeFileSync(path.join(folder, 'model.onnx'), graph)
    fs.writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest))
    for (const file of fs.readdirSync(folder))
      checksums[`models/${ref}/${file}`] = hash(fs.readFileSync(path.join(folder, file)))
    return manifest
  }
  const encoder = addModel(like, `starter-${stream.name}`, (manifest, graph) => {
    manifest.kind = kind
    return graph
  })
  addModel(pack.head, 'starter-fusion', (manifest, graph) => {
    const inputs = [
      { name: stream.input, dtype: 'float32', shape: ['n', 's', encoder.outputs[0]?.shape.at(-1) ?? 0] },
      { name: stream.mask, dtype: 'float32', shape: ['n', 's'] },
    ]
    manifest.inputs.push(...inputs)
    return Buffer.concat([graph, field(7, Buffer.concat(inputs.map(({ name, shape }) => input(name, shape))))])
  })
  const manifest = {
    ...pack,
    head: `starter-fusion/${version}`,
    streams: { ...pack.streams, [stream.name]: { encoder: `starter-${stream.name}/${version}` } },
    facets: Object.fromEntries(Object.entries(pack.facets).map(([id, facet]) => [id, widened(facet, stream.name)])),
    checksums,
  }
  const folder = path.join(modelsDir, 'packs/starter', version)
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'pack.json'), JSON.stringify(manifest))
  return `starter/${version}`
}

/** The policy of a facet, which says of each mask with the stream what it says of the one without. */
const widened = (facet: PackManifest['facets'][string], stream: string): PackManifest['facets'][string] => {
  const more = <T>(byMask: Record<string, T>): Record<string, T> => ({
    ...byMask,
    ...Object.fromEntries(Object.entries(byMask).map(([mask, value]) => [maskOf([...mask.split('+'), stream]), value])),
  })
  return { ...facet, temperature: more(facet.temperature), publish: more(facet.publish) }
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const readJson = (file: string): unknown => JSON.parse(fs.readFileSync(file, 'utf8'))
