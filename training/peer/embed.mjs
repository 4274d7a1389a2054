// node embed.mjs FOLDER: a request on standard input, an answer out; what transformers.js makes of the model in FOLDER.
// The request: {"side", "frames": base64 of uint8 F×S×S×3, "ids": token ids a text, "texts", "picture": {"side", "rgb"}}.
import { AutoImageProcessor, AutoTokenizer, ChineseCLIPModel, env, RawImage, Tensor } from '@huggingface/transformers'
import { readFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.resolve(process.argv[2])
env.allowRemoteModels = false
env.localModelPath = path.dirname(folder)
const name = path.basename(folder)
const [model, processor, tokenizer] = await Promise.all([
  ChineseCLIPModel.from_pretrained(name, { dtype: 'fp32', device: 'cpu' }),
  AutoImageProcessor.from_pretrained(name),
  AutoTokenizer.from_pretrained(name),
])
const { side, frames, ids, texts, picture } = JSON.parse(readFileSync(0, 'utf8'))

const imageOf = (rgb, size) => new RawImage(new Uint8ClampedArray(rgb), size, size, 3)
const bytes = Buffer.from(frames, 'base64')
const images = Array.from({ length: bytes.length / (side * side * 3) }, (_, i) =>
  imageOf(bytes.subarray(i * side * side * 3, (i + 1) * side * side * 3), side),
)
const { pixel_values } = await processor(images)
const embed = async (row) => {
  const tensor = (values) => new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length])
  return model({ input_ids: tensor(row), attention_mask: tensor(row.map(() => 1)), pixel_values })
}
const outputs = []
for (const row of ids) outputs.push(await embed(row))
const resized = await processor([imageOf(Buffer.from(picture.rgb, 'base64'), picture.side)])
process.stdout.write(
  JSON.stringify({
    images: outputs[0].image_embeds.tolist(),
    texts: outputs.map(({ text_embeds }) => text_embeds.tolist()[0]),
    tokens: texts.map((text) => tokenizer(text, { truncation: true, max_length: 52 }).input_ids.tolist()[0].map(Number)),
    resized: resized.pixel_values.tolist()[0],
  }),
)
