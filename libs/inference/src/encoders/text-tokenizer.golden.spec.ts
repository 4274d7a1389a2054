import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { ModelManifest } from '@reeltag/contracts'
import { lookupManifest } from '../sessions/lookup.fixture.js'
import { TextTokenizer } from './text-tokenizer.js'

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '猫', '狗', 'a', 'b', '##b', '\u{20001}']
const id = Object.fromEntries(words.map((word, index) => [word, index])) as Record<string, number>
const idsOf = (...tokens: string[]): number[] => tokens.map((token) => id[token] ?? -1)
const lengthMax = 6

const wordPiece = (vocab: Record<string, number>): object => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: true,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: null,
  decoder: null,
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab,
  },
})

describe('TextTokenizer', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-tokenizer-'))
  const open = (overrides: Partial<ModelManifest> = {}) => {
    const manifest: ModelManifest = {
      ...lookupManifest,
      preprocessing: { id: 'wordpiece-6', tokenizer: 'tokenizer.json', lengthMax },
      files: [{ path: 'tokenizer.json', sha256: '0'.repeat(64), bytes: 1 }],
      ...overrides,
    }
    return TextTokenizer.open({ ref: 'lookup/1.0.0', folder, manifest })
  }
  let tokenizer: TextTokenizer
  beforeAll(async () => {
    fs.writeFileSync(path.join(folder, 'tokenizer.json'), JSON.stringify(wordPiece(id)))
    tokenizer = await open()
  })
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

  it('puts a text between its start and its end', () => {
    expect(tokenizer.encode('Ab 猫')).toEqual(idsOf('[CLS]', 'a', '##b', '猫', '[SEP]'))
    expect(tokenizer.encode('')).toEqual(idsOf('[CLS]', '[SEP]'))
  })

  it('keeps as many tokens as the encoder takes, the end among them', () => {
    const whole = idsOf('[CLS]', '猫', '狗', '猫', '狗', '[SEP]')
    expect(tokenizer.encode('猫狗猫狗')).toEqual(whole)
    expect(tokenizer.encode('猫狗猫狗猫')).toEqual(whole)
    expect(tokenizer.encode('猫狗猫狗'.repeat(10_000))).toEqual(whole)
  })

  it('finds the words behind many marks that vanish, and none that no token could come of', () => {
    expect(tokenizer.encode(`${'\u0301'.repeat(lengthMax * 60)}猫`)).toEqual(idsOf('[CLS]', '猫', '[SEP]'))
    expect(tokenizer.encode(`${'\u0301'.repeat(lengthMax * 64)}猫`)).toEqual(idsOf('[CLS]', '[SEP]'))
    expect(tokenizer.encode(`${' \n\t'.repeat(100_000)}猫`)).toEqual(idsOf('[CLS]', '猫', '[SEP]'))
  })

  it('takes an ideograph beyond U+FFFF as a word of its own', () => {
    expect(tokenizer.encode('a\u{20001}b')).toEqual(idsOf('[CLS]', 'a', '\u{20001}', 'b', '[SEP]'))
  })

  it('refuses a file that nothing vouches for, and one without start and end', async () => {
    await expect(open({ files: [] })).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
    await expect(open({ preprocessing: { id: 'none' } })).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
    fs.writeFileSync(path.join(folder, 'other.json'), JSON.stringify(wordPiece({ '[UNK]': 0, '[CLS]': 1, a: 2 })))
    const other = { path: 'other.json', sha256: '0'.repeat(64), bytes: 1 }
    const preprocessing = { id: 'wordpiece-6', tokenizer: 'other.json', lengthMax }
    await expect(open({ files: [other], preprocessing })).rejects.toMatchObject({
      message: expect.stringContaining('lacks [CLS] or [SEP]'),
    })
  })
})
