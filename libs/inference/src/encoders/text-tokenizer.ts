import { Tokenizer } from '@huggingface/tokenizers'
import { ReeltagError } from '@reeltag/contracts'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { LoadedModel } from '@reeltag/packs'

// The tokenizer sees halves of what lies beyond U+FFFF and so would not put spaces around these.
const rareIdeographs = /[\u{20000}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu

/** WordPiece as the text encoder was trained with: `[CLS] ids[: lengthMax − 2] [SEP]`. */
export class TextTokenizer {
  private constructor(
    private readonly tokenizer: Tokenizer,
    private readonly lengthMax: number,
    private readonly cls: number,
    private readonly sep: number,
  ) {}

  static async open({ ref, folder, manifest }: LoadedModel): Promise<TextTokenizer> {
    const { tokenizer: file, lengthMax } = manifest.preprocessing
    if (file === undefined || lengthMax === undefined) {
      throw new ReeltagError('MANIFEST_INVALID', `${ref}: preprocessing names no tokenizer or no lengthMax`)
    }
    if (!manifest.files.some(({ path: listed }) => listed === file)) {
      throw new ReeltagError('MANIFEST_INVALID', `${ref}: ${file} is not among its files, so its checksum is unknown`)
    }
    const json = JSON.parse(await fs.readFile(path.join(folder, file), 'utf8')) as object
    const tokenizer = new Tokenizer(json, {})
    const [cls, sep] = ['[CLS]', '[SEP]'].map((token) => tokenizer.token_to_id(token))
    if (cls === undefined || sep === undefined)
      throw new ReeltagError('MANIFEST_INVALID', `${ref}: the tokenizer lacks [CLS] or [SEP]`)
    return new TextTokenizer(tokenizer, lengthMax, cls, sep)
  }

  encode(text: string): number[] {
    // A token is at least one character, so what lies far behind cannot reach the first lengthMax tokens; scanning a
    // whole megabyte would only help an attacker. Marks vanish and words are long, hence the margin. U+FEFF is white
    // space to JavaScript alone; the tokenizer takes it out without ending the word.
    const relevant = text.replace(/[^\S\uFEFF]+/g, ' ').slice(0, this.lengthMax * 64)
    const { ids } = this.tokenizer.encode(relevant.replace(rareIdeographs, ' $& '), { add_special_tokens: false })
    return [this.cls, ...ids.slice(0, this.lengthMax - 2), this.sep]
  }
}
