import { until } from '@reeltag/testing'
import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { ReeltagProcess } from './process.fixture.js'

const root = path.resolve(import.meta.dirname, '../../..')

export interface CliResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The command line as an operator uses it, beside a platform that runs. */
export const runCli = async (env: Readonly<Record<string, string>>, ...args: string[]): Promise<CliResult> => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'cli.js'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout, stderr }
}

interface Manifest {
  version: string
  models: { fusion: string }
  taxonomy: string
  facets: { subject: { leaves: string[]; publishAt: number; calibrated?: boolean } }
  checksums: Record<string, string>
}

/** Folders with the starter pack, and further versions of it with a head of their own, whole or broken. */
export class PackFolder {
  readonly home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-pack-folder-'))
  readonly env: Readonly<Record<string, string>>

  constructor() {
    for (const folder of ['models', 'taxonomies'])
      fs.cpSync(path.join(root, folder), path.join(this.home, folder), { recursive: true })
    this.env = { MODELS_DIR: path.join(this.home, 'models'), TAXONOMIES_DIR: path.join(this.home, 'taxonomies') }
  }

  /**
   * @param change what is another in its manifest
   * @param graph a file that stands in for its head's graph
   * @returns `starter/<version>`
   */
  add(version: string, change: (manifest: Manifest) => void = () => undefined, graph?: string): string {
    const models = path.join(this.home, 'models')
    const head = path.join(models, 'starter-fusion', version)
    fs.cpSync(path.join(models, 'starter-fusion/2.0.0'), head, { recursive: true })
    if (graph !== undefined) fs.copyFileSync(graph, path.join(head, 'model.onnx'))
    const bytes = fs.readFileSync(path.join(head, 'model.onnx'))
    const described = readJson<{ version: string; graph: object }>(path.join(head, 'manifest.json'))
    described.version = version
    described.graph = { file: 'model.onnx', sha256: hash(bytes), bytes: bytes.length }
    writeJson(path.join(head, 'manifest.json'), described)
    const manifest = readJson<Manifest>(path.join(models, 'packs/starter/2.0.0/pack.json'))
    manifest.version = version
    manifest.models.fusion = `starter-fusion/${version}`
    for (const file of ['manifest.json', 'model.onnx']) {
      delete manifest.checksums[`models/starter-fusion/2.0.0/${file}`]
      manifest.checksums[`models/starter-fusion/${version}/${file}`] = hash(fs.readFileSync(path.join(head, file)))
    }
    change(manifest)
    const folder = path.join(models, 'packs/starter', version)
    fs.mkdirSync(folder, { recursive: true })
    writeJson(path.join(folder, 'pack.json'), manifest)
    return `starter/${version}`
  }

  /** Gives a pack that is being added a taxonomy of its own, in which one leaf has another id. */
  renameLeaf(manifest: Manifest, from: string, to: string): void {
    const file = (version: number): string => `taxonomies/starter/${version}.yaml`
    const text = fs.readFileSync(path.join(this.home, file(2)), 'utf8')
    const renamed = text.replace('version: 2', 'version: 3').replace(`- id: ${from}\n`, `- id: ${to}\n`)
    fs.writeFileSync(path.join(this.home, file(3)), renamed)
    manifest.taxonomy = 'starter/3'
    manifest.facets.subject.leaves = manifest.facets.subject.leaves.map((leaf) => (leaf === from ? to : leaf))
    delete manifest.checksums[file(2)]
    manifest.checksums[file(3)] = hash(Buffer.from(renamed))
  }

  /** The graph of a version's head. */
  graphOf(version: string): string {
    return path.join(this.home, 'models/starter-fusion', version, 'model.onnx')
  }

  remove(): void {
    fs.rmSync(this.home, { recursive: true, force: true })
  }
}

/** What a platform says of a content once its state is no longer `processing`. */
export const concluded = <C extends { state: string }>(
  platform: ReeltagProcess,
  headers: Record<string, string>,
  { id, seconds }: { id: string; seconds: number },
): Promise<C> =>
  until(`content ${id} is concluded`, seconds, async () => {
    const content = (await (await platform.fetch(`/v1/contents/${id}`, { headers })).json()) as C
    return content.state === 'processing' ? undefined : content
  })

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const readJson = <T>(file: string): T => JSON.parse(fs.readFileSync(file, 'utf8')) as T
const writeJson = (file: string, value: unknown): void => fs.writeFileSync(file, JSON.stringify(value, null, 2))
