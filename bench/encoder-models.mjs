// Encoders of true shape with random weights, made once by Python; where that lacks what it takes, a smoke run takes the
// starter pack's.
import fs from 'node:fs'
import path from 'node:path'
import { jsonLines, python, pythonLacks } from './python.mjs'
import { LeftOut } from './run-options.mjs'

const here = import.meta.dirname
const root = path.join(here, '..')
export const encodersFolder = path.join(here, '.cache/encoders')

/** @param {readonly string[]} args */
export const encoderPeers = (...args) => jsonLines(python, [path.join(here, 'encoder_peers.py'), ...args])

/**
 * @typedef {object} EncoderModels
 * @property {{ modelsDir: string, taxonomiesDir: string }} folders
 * @property {(role: string, precision: string) => string} refOf
 * @property {readonly string[]} precisions
 * @property {string | undefined} lacks why its peers cannot be measured
 */

/** @param {string} size @param {import('./run-options.mjs').Run} run @returns {Promise<EncoderModels>} */
export const encoderModels = async (size, run) => {
  const lacks = pythonLacks(['torch', 'onnx', 'onnxruntime', 'numpy', 'yaml', 'tokenizers'])
  if (lacks === undefined) {
    if (!fs.existsSync(path.join(encodersFolder, `${size}-hub/onnx/model.onnx`))) {
      run.say(`making ${size} …`)
      await encoderPeers('make', encodersFolder, '--size', size)
    }
    return {
      folders: { modelsDir: path.join(encodersFolder, 'models'), taxonomiesDir: encodersFolder },
      refOf: (role, precision) => `bench-${size}-${role}-${precision}/1.0.0`,
      precisions: ['int8', 'fp32'],
      lacks,
    }
  }
  if (!run.smoke) throw new LeftOut(`encoders cannot be made: ${lacks}`)
  run.leaveOut('encoders of true shape, instead of the starter pack, and their peers', lacks)
  return {
    folders: { modelsDir: path.join(root, 'models'), taxonomiesDir: path.join(root, 'taxonomies') },
    refOf: (role) => `starter-${role}/2.0.0`,
    precisions: ['fp32'],
    lacks,
  }
}
