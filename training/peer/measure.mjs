// node measure.mjs FOLDER THREADS SECONDS BATCHES: frames a second through transformers.js, preparation included; a JSON object a line.
// Its Chinese-CLIP is one graph of both towers, so one text of three tokens is encoded with every batch.
import { AutoImageProcessor, ChineseCLIPModel, env, RawImage, Tensor } from '@huggingface/transformers'
import path from 'node:path'
import { sayTimed } from '../../bench/say-timed.mjs'

const [folder, threads, seconds] = [path.resolve(process.argv[2]), Number(process.argv[3]), Number(process.argv[4])]
const batches = process.argv[5].split(',').map(Number)
env.allowRemoteModels = false
env.localModelPath = path.dirname(folder)
const session_options = { intraOpNumThreads: threads }
const name = path.basename(folder)
const model = await ChineseCLIPModel.from_pretrained(name, { dtype: 'fp32', device: 'cpu', session_options })
const processor = await AutoImageProcessor.from_pretrained(name)
const { width: side } = processor.config.size
const text = (values) => new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length])

for (const batch of batches) {
  const images = Array.from({ length: batch }, () => {
    const rgb = Uint8ClampedArray.from({ length: side * side * 3 }, () => Math.floor(Math.random() * 255))
    return new RawImage(rgb, side, side, 3)
  })
  const once = async () => {
    const { pixel_values } = await processor(images)
    await model({ input_ids: text([101, 3000, 102]), attention_mask: text([1, 1, 1]), pixel_values })
  }
  await sayTimed({ peer: 'transformers.js', role: 'vision', precision: 'fp32', batch, threads }, seconds, once)
}
