import fs from 'node:fs'
import path from 'node:path'
import { freePort } from '../free-port.js'
import { installOnce } from '../installing/install-once.js'
import { dataFolder, NativeServer } from './native-server.js'
import { makeVenv } from '../installing/python-venv.js'
import { isLive, wireShape, type ServedModel } from './served-model.js'

const kit = path.resolve(import.meta.dirname, '../../servers/mlserver')
const requirements = path.join(kit, 'requirements.txt')
const version = /^mlserver==(.+)$/m.exec(fs.readFileSync(requirements, 'utf8'))?.[1] ?? 'unknown'
export const mlserverInstallName = `mlserver-${version}`

const datatypes = { uint8: 'UINT8', int64: 'INT64', float32: 'FP32', float16: 'FP16' } as const

/** An MLServer of a test's own, which runs these graphs; tensors travel as JSON. Its address goes into MODEL_SERVER_URL. */
export const startMlserver = async (models: readonly ServedModel[]): Promise<NativeServer> => {
  const installed = await installMlserver()
  const [http, grpc] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${http}`
  const folder = dataFolder('mlserver', undefined)
  return new NativeServer(url, {
    name: 'MLServer',
    command: [path.join(installed, 'venv/bin/python'), '-c', 'from mlserver.cli import main; main()', 'start', folder],
    env: { PYTHONPATH: kit },
    folder,
    prepare: () => {
      const settings = { host: '127.0.0.1', http_port: http, grpc_port: grpc, metrics_endpoint: null }
      writeJson(folder, 'settings.json', { ...settings, parallel_workers: 0, debug: false })
      for (const model of models) writeModel(folder, model)
    },
    answers: () => isLive(url),
  }).start()
}

/** @returns the folder with the virtual environment */
export const installMlserver = (): Promise<string> =>
  installOnce(mlserverInstallName, async (draft) => {
    await makeVenv(path.join(draft, 'venv'), ['-r', requirements])
  })

const writeModel = (folder: string, { manifest, folder: source }: ServedModel): void => {
  const { name, inputs, outputs, graph } = manifest
  const tensors = (specs: typeof inputs) =>
    specs.map((spec) => ({ name: spec.name, datatype: datatypes[spec.dtype], shape: wireShape(spec.shape) }))
  writeJson(path.join(folder, name), 'model-settings.json', {
    name,
    implementation: 'onnx_runtime.OnnxModel',
    parameters: { uri: path.join(source, graph.file), version: manifest.version },
    inputs: tensors(inputs),
    outputs: tensors(outputs),
  })
}

const writeJson = (folder: string, file: string, content: object): void => {
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, file), JSON.stringify(content))
}
