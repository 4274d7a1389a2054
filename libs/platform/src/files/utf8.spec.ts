import { afterAll, describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { readUtf8, utf8Of } from './utf8.js'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-utf8-'))
const gathered = async (pieces: AsyncIterable<string>): Promise<string[]> => {
  const all: string[] = []
  for await (const piece of pieces) all.push(piece)
  return all
}
const write = (bytes: Buffer): string => {
  const file = path.join(folder, 'labels.csv')
  fs.writeFileSync(file, bytes)
  return file
}

describe('the text of a file', () => {
  afterAll(() => fs.rmSync(folder, { recursive: true }))

  /** Read as a whole, and piece by piece: both must say the same. */
  const refusal = async (bytes: Buffer): Promise<string> => {
    const file = write(bytes)
    const told: string[] = []
    const failed = (error: unknown) => void told.push((error as Error).message)
    await gathered(utf8Of(file)).catch(failed)
    try {
      readUtf8(file)
    } catch (error) {
      failed(error)
    }
    expect(told).toHaveLength(2)
    expect(told[0]).toBe(told[1])
    return told[0] ?? ''
  }
  /** The chunks of a stream of the file system. */
  const chunk = 65_536

  it('comes without its byte order mark, also where a character lies across two pieces', async () => {
    const text = `${'a'.repeat(chunk - 1)}名字🙂`
    const file = write(Buffer.from(`\uFEFF${text}`))
    expect((await gathered(utf8Of(file))).join('')).toBe(text)
    expect(readUtf8(file)).toBe(text)
  })

  it.each([0, 1, 5, chunk - 3, chunk - 2, chunk - 1, chunk, chunk + 1, 3 * chunk + 7])(
    'is refused at the first byte that is wrong, and not before or behind: %i',
    async (offset) => {
      const valid = Buffer.from('x'.repeat(offset))
      // 标签 in GBK.
      expect(await refusal(Buffer.concat([valid, Buffer.from('b1eac7a90a', 'hex')]))).toMatch(
        new RegExp(
          `labels\\.csv is not UTF-8 at byte ${offset}; it looks like GB18030 \\(GBK\\): .*iconv -f GB18030 -t`,
        ),
      )
    },
  )

  it('is refused where a character is cut, at its first byte', async () => {
    for (const before of [2, chunk - 1, chunk])
      expect(await refusal(Buffer.concat([Buffer.from('x'.repeat(before)), Buffer.from('f09f99', 'hex')]))).toMatch(
        new RegExp(`at byte ${before}\\b`),
      )
    expect(await refusal(Buffer.from('e5909de541', 'hex'))).toMatch(/at byte 3\b/)
  })

  it('says so where it is UTF-16, with or without a byte order mark', async () => {
    const text = 'external_id,facet,path\n'
    const little = Buffer.from(text, 'utf16le')
    const big = Buffer.from(little).swap16()
    for (const [bytes, words] of [
      [Buffer.from(`\uFEFF${text}`, 'utf16le'), /UTF-16LE: .*-f UTF-16 /],
      [Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(), /UTF-16BE: .*-f UTF-16 /],
      [little, /UTF-16LE: .*-f UTF-16LE /],
      [big, /UTF-16BE: .*-f UTF-16BE /],
    ] as const)
      expect(await refusal(bytes)).toMatch(words)
  })

  it('has no guess where the bytes are of no encoding that is known', async () => {
    expect(await refusal(Buffer.from('61ffff', 'hex'))).toMatch(/at byte 1: convert it/)
  })

  it('is named where there is none', () => {
    expect(() => readUtf8(path.join(folder, 'nowhere'))).toThrow(
      expect.objectContaining({ code: 'FILE_UNREADABLE', message: expect.stringMatching(/nowhere: name a file that/) }),
    )
    expect(() => readUtf8(folder)).toThrow(/cannot be opened/)
  })
})
