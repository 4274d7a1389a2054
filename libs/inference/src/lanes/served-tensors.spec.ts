import { describe, expect, it } from '@jest/globals'
import type { ModelManifest } from '@reeltag/contracts'
import { answerBytesMax, expectedOutputs, readAnswer, writeRequest } from './served-tensors.js'
import type { Tensors } from '../tensors/tensor.js'

const manifest: ModelManifest = {
  format: 1,
  name: 'text',
  version: '1.0.0',
  kind: 'text-encoder',
  graph: { file: 'model.onnx', sha256: '0'.repeat(64), bytes: 1 },
  inputs: [
    { name: 'input_ids', dtype: 'int64', shape: ['n', 't'] },
    { name: 'pixels', dtype: 'uint8', shape: ['n', 3] },
  ],
  outputs: [{ name: 'tokens', dtype: 'float32', shape: ['n', 't', 2] }],
  preprocessing: { id: 'none' },
  files: [],
  licence: 'Apache-2.0',
  trainingData: 'none',
  metrics: {},
}
const feeds: Tensors = {
  input_ids: { data: BigInt64Array.of(1n, -2n, 3n, 9007199254740993n), dims: [2, 2] },
  // A view: what lies around it in its buffer must not travel.
  pixels: { data: Uint8Array.of(9, 0, 1, 2, 253, 254, 255, 9).subarray(1, 7), dims: [2, 3] },
}
const expected = [{ name: 'tokens', dims: [1, 2, 2] }]
const floats = Float32Array.of(0.1, -1.5, 3e-38, 7)
const output = { name: 'tokens', datatype: 'FP32', shape: [1, 2, 2] }

const answer = (header: unknown, bytes = Buffer.of(), length: string | null = null) => {
  const head = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const announced = length ?? (bytes.length > 0 ? String(head.length) : undefined)
  const headers = new Headers(announced === undefined ? {} : { 'inference-header-content-length': announced })
  return { status: 200, headers, body: Buffer.concat([head, bytes]) }
}
const binary = (parameters: object = { binary_data_size: 16 }, bytes = Buffer.from(floats.buffer)) =>
  answer({ outputs: [{ ...output, parameters }] }, bytes)
const json = (data: unknown, more: object = {}) => answer({ outputs: [{ ...output, data, ...more }] })

describe('writeRequest', () => {
  it('writes JSON with every digit', async () => {
    const { body } = await writeRequest(manifest, feeds, false)
    const text = Buffer.from(body).toString()
    expect(text).toContain('"data":[1,-2,3,9007199254740993]')
    expect(JSON.parse(text)).toMatchObject({
      inputs: [
        { name: 'input_ids', datatype: 'INT64', shape: [2, 2] },
        { name: 'pixels', datatype: 'UINT8', shape: [2, 3], data: [0, 1, 2, 253, 254, 255] },
      ],
      outputs: [{ name: 'tokens' }],
    })
  })

  it('writes bytes behind a header that says where each tensor is', async () => {
    const { body, headers } = await writeRequest(manifest, feeds, true)
    const length = Number(headers['inference-header-content-length'])
    expect(JSON.parse(Buffer.from(body.subarray(0, length)).toString())).toEqual({
      inputs: [
        { name: 'input_ids', datatype: 'INT64', shape: [2, 2], parameters: { binary_data_size: 32 } },
        { name: 'pixels', datatype: 'UINT8', shape: [2, 3], parameters: { binary_data_size: 6 } },
      ],
      outputs: [{ name: 'tokens', parameters: { binary_data: true } }],
    })
    expect(Buffer.from(body).readBigInt64LE(length + 24)).toBe(9007199254740993n)
    expect([...body.subarray(length + 32)]).toEqual([0, 1, 2, 253, 254, 255])
  })
})

describe('readAnswer', () => {
  it('knows what must come back before it asks', () => {
    expect(expectedOutputs(manifest, feeds)).toEqual([{ name: 'tokens', dims: [2, 2, 2] }])
    expect(answerBytesMax(expected)).toBe(65_536 + 4 * 32)
  })

  it('reads bytes, flat JSON and nested JSON to the same numbers', () => {
    const [a, b, c, d] = [...floats]
    for (const one of [
      binary(),
      json([a, b, c, d]),
      json([
        [
          [a, b],
          [c, d],
        ],
      ]),
    ]) {
      expect(readAnswer(expected, one)).toEqual({ tokens: { data: floats, dims: [1, 2, 2] } })
    }
  })

  it.each([
    ['not JSON', answer('<html>')],
    ['deep nonsense', answer(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)],
    ['another document', answer({ error: 'no' })],
    ['no outputs', answer({ outputs: [] })],
    ['another output', answer({ outputs: [{ ...output, name: 'constructor', data: [1, 2, 3, 4] }] })],
    ['one twice', answer({ outputs: [1, 2].map(() => ({ ...output, data: [1, 2, 3, 4] })) })],
    ['another datatype', json([1, 2, 3, 4], { datatype: 'FP64' })],
    ['another shape', json([1, 2, 3, 4], { shape: [2, 1, 2] })],
    ['a huge shape', json([1, 2, 3, 4], { shape: [1, 2, 1e300] })],
    ['too few values', json([1, 2, 3])],
    ['too many values', json([1, 2, 3, 4, 5])],
    ['text for a number', json([1, 2, 3, '4'])],
    ['null for a number', json([1, 2, 3, null])],
    ['values nested too deep', json([[[[1, 2, 3, 4]]]])],
    ['a number too large for its type', json([1, 2, 3, 1e39])],
    ['no values', answer({ outputs: [output] })],
    ['values that are no list', json({ length: 4 })],
    ['NaN in bytes', binary(undefined, Buffer.from(Float32Array.of(1, NaN, 2, 3).buffer))],
    ['infinity in bytes', binary(undefined, Buffer.from(Float32Array.of(1, -Infinity, 2, 3).buffer))],
    ['bytes of another length', binary({ binary_data_size: 8 })],
    ['fewer bytes than announced', binary(undefined, Buffer.alloc(12))],
    ['more bytes than announced', binary(undefined, Buffer.alloc(20))],
    ['a header past the end', answer({ outputs: [] }, Buffer.of(), '99')],
    ['a header of no length', answer({ outputs: [] }, Buffer.of(), '-1')],
    ['a header of half its length', answer({ outputs: [{ ...output, data: [1, 2, 3, 4] }] }, Buffer.of(), '20')],
  ])('refuses %s', (_, one) => {
    expect(() => readAnswer(expected, one)).toThrow(expect.objectContaining({ code: 'MODEL_SERVER_INVALID' }))
  })
})
