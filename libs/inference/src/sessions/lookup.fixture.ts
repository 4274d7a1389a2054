import type { ModelManifest } from '@reeltag/contracts'

/** Of `fixtures/lookup.onnx`: each id gives two numbers. */
export const lookupManifest: ModelManifest = {
  format: 1,
  name: 'lookup',
  version: '1.0.0',
  kind: 'text-encoder',
  graph: { file: 'lookup.onnx', sha256: '0'.repeat(64), bytes: 1 },
  inputs: [{ name: 'ids', dtype: 'int64', shape: ['n', 't'] }],
  outputs: [{ name: 'rows', dtype: 'float32', shape: ['n', 't', 2] }],
  preprocessing: { id: 'none' },
  files: [],
  licence: 'Apache-2.0',
  trainingData: 'none',
  metrics: {},
}
