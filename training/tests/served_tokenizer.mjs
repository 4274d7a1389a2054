// node served_tokenizer.mjs FOLDER: a JSON string a line in, its ids as a JSON array a line out, by the class that serves.
import { readFileSync } from 'node:fs'
import { TextTokenizer } from '../../libs/inference/dist/encoders/text-tokenizer.js'

const preprocessing = { id: 'wordpiece-52', tokenizer: 'tokenizer.json', lengthMax: 52 }
/** @type {any} what is read of one */
const manifest = { preprocessing, files: [{ path: 'tokenizer.json' }] }
const tokenizer = await TextTokenizer.open({ ref: 'test/1.0.0', folder: process.argv[2], manifest })
const texts = readFileSync(0, 'utf8').split('\n').filter(Boolean)
process.stdout.write(`${texts.map((text) => JSON.stringify(tokenizer.encode(JSON.parse(text)))).join('\n')}\n`)
