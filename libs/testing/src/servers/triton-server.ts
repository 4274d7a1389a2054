import fs from 'node:fs'
import path from 'node:path'
import { freePort } from '../free-port.js'
import { installOnce } from '../installing/install-once.js'
import { dataFolder, NativeServer } from './native-server.js'
import { makeVenv } from '../installing/python-venv.js'
import { runTool } from '../installing/run-tool.js'
import { isLive, wireShape, type ServedModel } from './served-model.js'

const kit = path.resolve(import.meta.dirname, '../../servers/triton')
const requirements = path.join(kit, 'requirements.txt')
const version = /^nvidia-pytriton==(.+)$/m.exec(fs.readFileSync(requirements, 'utf8'))?.[1] ?? 'unknown'
export const tritonInstallName = `pytriton-${version}`

const datatypes = { uint8: 'TYPE_UINT8', int64: 'TYPE_INT64', float32: 'TYPE_FP32', float16: 'TYPE_FP16' } as const

/**
 * NVIDIA's Triton of a test's own, on the processor, which runs these graphs; tensors travel as bytes. PyTriton is only
 * how it comes: its wheel has the server. Its address goes into MODEL_SERVER_URL.
 */
export const startTriton = async (models: readonly ServedModel[]): Promise<NativeServer> => {
  const installed = await installTriton()
  const { sitePackages, libraries } = readLayout(installed)
  const home = path.join(sitePackages, 'pytriton/tritonserver')
  const http = await freePort()
  const url = `http://127.0.0.1:${http}`
  const folder = dataFolder('triton', undefined)
  // Below the home: what libraries leave there is no model.
  const repository = path.join(folder, 'models')
  const flags = [
    '--http-address',
    '127.0.0.1',
    '--http-port',
    String(http),
    '--allow-grpc=false',
    '--allow-metrics=false',
  ]
  return new NativeServer(url, {
    name: 'Triton',
    command: [
      path.join(home, 'bin/tritonserver'),
      '--model-repository',
      repository,
      '--backend-directory',
      path.join(home, 'backends'),
      ...flags,
    ],
    env: { SITE_PACKAGES: sitePackages, LD_LIBRARY_PATH: libraries },
    folder,
    prepare: () => {
      for (const model of models) writeModel(repository, model)
    },
    answers: () => isLive(url),
  }).start()
}

/** @returns the folder with the virtual environment */
export const installTriton = (): Promise<string> =>
  installOnce(tritonInstallName, async (draft) => {
    const python = await makeVenv(path.join(draft, 'venv'), ['-r', requirements])
    await runTool(python, [path.join(kit, 'layout.py'), path.join(draft, 'layout.json')])
  })

const readLayout = (installed: string): { sitePackages: string; libraries: string } => {
  const { sitePackages, libraries } = JSON.parse(fs.readFileSync(path.join(installed, 'layout.json'), 'utf8')) as {
    sitePackages: string
    libraries: string
  }
  return { sitePackages: path.join(installed, 'venv', sitePackages), libraries }
}

/** Triton's versions are whole numbers: ours goes into the name. */
const writeModel = (repository: string, { manifest, folder: source }: ServedModel): void => {
  const { inputs, outputs, graph } = manifest
  const home = path.join(repository, `${manifest.name}-${manifest.version}`)
  const tensors = (specs: typeof inputs) =>
    specs.map(
      ({ name, dtype, shape }) =>
        `{ name: "${name}", data_type: ${datatypes[dtype]}, dims: [${wireShape(shape).join(', ')}] }`,
    )
  fs.mkdirSync(path.join(home, '1'), { recursive: true })
  fs.copyFileSync(path.join(kit, 'model.py'), path.join(home, '1/model.py'))
  fs.writeFileSync(
    path.join(home, 'config.pbtxt'),
    [
      'backend: "python"',
      'max_batch_size: 0',
      `input [${tensors(inputs).join(', ')}]`,
      `output [${tensors(outputs).join(', ')}]`,
      `parameters: { key: "graph", value: { string_value: ${JSON.stringify(path.join(source, graph.file))} } }`,
    ].join('\n'),
  )
}
