import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { Database } from '@reeltag/platform'
import { parquetWriteBuffer } from 'hyparquet-writer'
import fs from 'node:fs'
import { LabelsFixture } from '../labels.fixture.js'
import { exportLabels } from './export-labels.js'
import { importLabels, type ImportOptions } from './import-labels.js'

const header = 'external_id,facet,path,source,who,at,propensity,taxonomy'
const when = '2026-01-01T00:00:00.000Z'
const row = (n: number, path = 'food'): string => `video-${n},subject,${path},import,li,${when},,`

describe('files of labels', () => {
  let fixture: LabelsFixture
  beforeAll(async () => {
    fixture = await LabelsFixture.open()
    await fixture.addContents(5_000)
  })
  afterEach(() => fixture.clear())
  afterAll(() => fixture.close())

  const read = (file: string, options: Partial<ImportOptions> = {}, db: Database = fixture.db) =>
    importLabels({ db, folders: fixture.folders }, fixture.workspaceId, file, {
      defaults: { who: 'someone' },
      ...options,
    })
  const csv = (name: string, lines: readonly string[], end = '\n'): string =>
    fixture.write(name, [header, ...lines].join(end) + end)
  const refusedOf = (file: string): string[] => fs.readFileSync(`${file}.refused.csv`, 'utf8').trim().split('\n')

  it.each(['csv', 'ndjson', 'parquet'] as const)('come back as %s what they went out as', async (format) => {
    const lines = [
      `video-1,subject,animals/cat,gold,"=cmd()|'x'!A1",${when},0.125,tiny/2`,
      `video-1,subject,food,gold,li,2025-06-01T12:00:00.123Z,1,`,
      `video-2,style,calm,review,"a ""quoted"", 名字",${when},1e-2,`,
      `video-2,style,old,review,"a ""quoted"", 名字",${when},,`,
      `video-3,subject,(none),audit,@team,${when},0.5,`,
      `video-4,subject,animals/lion,import,-1,${when},,tiny/1`,
    ]
    expect(await read(csv('in.csv', lines))).toMatchObject({ rows: 6, stored: 6, known: 0, refused: 0 })
    const stored = await fixture.labels()
    const file = `${fixture.folder}/out.${format}`
    expect(await exportLabels(fixture.db, fixture.workspaceId, file, { history: true })).toBe(6)
    expect(await read(file)).toMatchObject({ rows: 6, stored: 0, known: 6, refused: 0 })
    await fixture.clear()
    expect(await read(file)).toMatchObject({ stored: 6, refused: 0 })
    expect(await fixture.labels()).toEqual(stored)
    // Without history, only what counts.
    expect(await exportLabels(fixture.db, fixture.workspaceId, file)).toBe(5)
    expect(await exportLabels(fixture.db, fixture.workspaceId, file, { facet: 'style' })).toBe(2)
    expect(await exportLabels(fixture.db, fixture.workspaceId, file, { source: 'audit' })).toBe(1)
  })

  it('hold no cell that a spreadsheet would run', async () => {
    await read(csv('in.csv', [`video-1,subject,food,import,=1+1,${when},,`]))
    const file = `${fixture.folder}/out.csv`
    await exportLabels(fixture.db, fixture.workspaceId, file)
    expect(fs.readFileSync(file, 'utf8')).toContain(`,'=1+1,`)
  })

  it('may have a byte order mark, lines that end as on Windows, and empty lines', async () => {
    const text = `\uFEFF${header}\r\n${row(1)}\r\n\r\n${row(2)}\r\n`
    expect(await read(fixture.write('bom.csv', text))).toMatchObject({ rows: 2, stored: 2 })
    const json = JSON.stringify({ external_id: 'video-3', facet: 'subject', path: 'food', who: 'li', at: when })
    expect(await read(fixture.write('bom.ndjson', `\uFEFF${json}\r\n\r\n${json}`))).toMatchObject({
      stored: 1,
      known: 1,
    })
  })

  it('leave refused rows in a file next to them, with line and reason, which can be corrected and imported', async () => {
    const rows: [string, RegExp][] = [
      [`video-1,subject,food,import,li,${when},0.5`, /^2,malformed,"?7 cells in 8 columns/],
      [`nobody,subject,food,import,li,${when},,`, /^3,content-unknown/],
      [`video-1,colour,food,import,li,${when},,`, /^4,facet-unknown/],
      [`video-1,subject,cat,import,li,${when},,`, /^5,node-unknown/],
      [`video-1,subject,food,import,li,${when},half,`, /^6,malformed,"?propensity/],
      [`video-1,subject,food,import,li,${when},0,`, /^7,malformed,"?propensity/],
      [`video-1,subject,food,import,li,${when},1.1,`, /^8,malformed,"?propensity/],
      [`video-1,subject,food,import,li,yesterday,,`, /^9,malformed,"?at/],
      [`video-1,subject,,import,li,${when},,`, /^10,malformed,"?path: is empty/],
      [`video-1,subject,food,rumour,li,${when},,`, /^11,malformed,"?source/],
      [`,subject,food,import,li,${when},,`, /^12,malformed,.*names its content/],
      [`video-1,__proto__,food,import,li,${when},,`, /^13,facet-unknown/],
      [`video-1,subject,${'x'.repeat(70_000)},import,li,${when},,`, /^14,malformed,"?path/],
      [
        `=HYPERLINK("http://x"),subject,food,import,li,${when},,`.replaceAll('"', ''),
        /^15,content-unknown.*,'=HYPERLINK/,
      ],
      [`video-1,subject,food,import,'=li,${when},,tiny/9`, /^16,taxonomy-unknown/],
      [row(1), /^$/],
    ]
    const file = csv(
      'bad.csv',
      rows.map(([line]) => line),
    )
    expect(await read(file)).toMatchObject({ rows: 16, stored: 1, refused: 15 })
    const [names, ...refused] = refusedOf(file)
    expect(names).toBe(
      'line,reason,detail,content_id,external_id,video_sha256,facet,path,source,who,at,propensity,taxonomy',
    )
    for (const [index, [, expected]] of rows.slice(0, -1).entries()) expect(refused[index]).toMatch(expected)
    expect(refused).toHaveLength(15)
    expect(Math.max(...refused.map(({ length }) => length))).toBeLessThan(4_000)
    const corrected = fs.readFileSync(`${file}.refused.csv`, 'utf8').replace('colour', 'subject')
    // The row that lacked a cell has all of them in the list, so it is right now as well.
    expect(await read(fixture.write('again.csv', corrected))).toMatchObject({ known: 2, refused: 13 })
    // The next import of the file begins its list afresh, and one without refusals leaves none.
    fs.writeFileSync(file, `${header}\n${row(1)}\n`)
    await read(file)
    expect(fs.existsSync(`${file}.refused.csv`)).toBe(false)
  })

  it('of JSON refuse a line that is none, and a field that nobody reads', async () => {
    const good = { external_id: 'video-1', facet: 'subject', path: 'food', who: 'li', at: when }
    const lines = [
      JSON.stringify(good),
      '{',
      '[]',
      JSON.stringify({ ...good, propensty: 1 }),
      JSON.stringify(good).replace('{', '{"__proto__":{"path":"food"},'),
      JSON.stringify({ ...good, path: { a: 1 } }),
      JSON.stringify({ ...good, who: 'a\u0000b' }),
      JSON.stringify({ ...good, propensity: '' }),
    ]
    const file = fixture.write('lines.ndjson', lines.join('\n'))
    expect(await read(file)).toMatchObject({ rows: 8, stored: 1, known: 1, refused: 6 })
    expect(
      refusedOf(file)
        .slice(1)
        .map((line) => line.split(',').slice(0, 2).join(' ')),
    ).toEqual([2, 3, 4, 5, 6, 7].map((line) => `${line} malformed`))
  })

  it('that cannot be read say where, and what stood before stays stored', async () => {
    const refuses = async (file: string, message: RegExp, options: Partial<ImportOptions> = {}) => {
      await expect(read(file, options)).rejects.toMatchObject({
        code: 'LABELS_UNREADABLE',
        message: expect.stringMatching(message),
      })
    }
    await refuses(`${fixture.folder}/nowhere.csv`, /there is no file/)
    await refuses(fixture.write('labels.txt', header), /called neither/)
    await refuses(fixture.write('empty.csv', ''), /is empty/)
    await refuses(fixture.write('typo.csv', 'external_id,facet,path,propensty\n'), /unknown columns: "propensty"/)
    await refuses(fixture.write('proto.csv', '__proto__,facet,path\n'), /unknown columns: "__proto__"/)
    await refuses(fixture.write('short.csv', 'facet,path\n'), /one of content_id, external_id, video_sha256/)
    await refuses(fixture.write('twice.csv', 'content_id,facet,facet,path\n'), /twice: facet/)
    const utf16 = Buffer.from(`\uFEFF${header}\n${row(1)}\n`, 'utf16le')
    await refuses(fixture.write('utf16.csv', utf16), /is not UTF-8 at byte 0; it looks like UTF-16LE: .*iconv/)
    const gbk = Buffer.concat([Buffer.from(`${header}\n`), Buffer.from([0xc3, 0xa8, 0xc3])])
    await refuses(
      fixture.write('gbk.csv', gbk),
      new RegExp(`not UTF-8 at byte ${header.length + 3}; .*GBK.*iconv -f GB18030`),
    )
    await refuses(fixture.write('gbk.ndjson', gbk), /not UTF-8 at byte \d+; .*GBK/)
    await refuses(csv('quote.csv', [row(1), `"${row(2)}`, 'x'.repeat(2_000_000)]), /quote\.csv/)
    await refuses(fixture.write('not.parquet', 'PAR1 but not really PAR1'), /cannot be read as Parquet/)
    const rows = Array.from({ length: 1_500 }, (_, n) => row(n + 1))
    const broken = csv('broken.csv', [...rows, `"open`])
    await refuses(broken, /broken\.csv/)
    expect(await fixture.labels()).toHaveLength(1_000)
    csv('broken.csv', rows)
    expect(await read(broken)).toMatchObject({ rows: 1_500, stored: 500, known: 1_000 })
  })

  it('may be Parquet with times and numbers of its own', async () => {
    const file = fixture.write(
      'typed.parquet',
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'external_id', data: ['video-1', 'video-2', null] },
            { name: 'facet', data: ['subject', 'subject', 'subject'] },
            { name: 'path', data: ['food', 'animals', 'food'] },
            { name: 'at', data: [new Date(when), new Date(when), new Date(when)] },
            { name: 'who', data: [7n, 8n, 9n], type: 'INT64' },
            { name: 'propensity', data: [0.5, 2, 0.5] },
          ],
        }),
      ),
    )
    expect(await read(file)).toMatchObject({ rows: 3, stored: 1, refused: 2 })
    expect(await fixture.labels()).toMatchObject([{ path: 'food', who: '7', propensity: 0.5, source: 'import' }])
  })

  it('take what their rows leave out from the command, or from the file', async () => {
    const file = fixture.write('bare.csv', 'external_id,facet,path\nvideo-1,subject,food\n')
    const changed = new Date('2026-02-03T04:05:06.000Z')
    fs.utimesSync(file, changed, changed)
    expect(await read(file)).toMatchObject({ stored: 1 })
    // Another import of the same file says nothing new.
    expect(await read(file)).toMatchObject({ stored: 0, known: 1 })
    expect(await fixture.labels()).toMatchObject([{ who: 'someone', source: 'import', at: changed }])
    await fixture.clear()
    expect(await read(file, { defaults: { who: 'li', at: when, source: 'gold' } })).toMatchObject({ stored: 1 })
    expect(await fixture.labels()).toMatchObject([{ who: 'li', source: 'gold', at: new Date(when) }])
    // A clock that is ahead, as on a disk of another machine, makes no label of the future.
    await fixture.clear()
    fs.utimesSync(file, new Date('2999-01-01'), new Date('2999-01-01'))
    expect(await read(file)).toMatchObject({ stored: 1, refused: 0 })
  })

  /** A database whose connection is lost behind so many transactions. */
  class FailingDatabase extends Database {
    left = 0
    override transaction: Database['transaction'] = (run, options) => {
      if (this.left-- <= 0) return Promise.reject(new Error('the connection is lost'))
      return super.transaction(run, options)
    }
  }

  it('go on where a killed import stopped, and neither lose nor double a row or a refusal', async () => {
    const rows = Array.from({ length: 4_500 }, (_, n) => (n % 100 === 7 ? row(n + 1, 'nowhere') : row(n + 1)))
    const file = csv('long.csv', rows)
    const failing = new FailingDatabase(fixture.url, { poolMax: 2 })
    for (const transactions of [2, 1]) {
      failing.left = transactions
      await expect(read(file, { resume: true }, failing)).rejects.toThrow('the connection is lost')
    }
    await failing.close()
    // As if it had been killed between the list of refused rows and the checkpoint.
    fs.appendFileSync(`${file}.refused.csv`, '3100,node-unknown,x,,,,,,,,,,\n')
    let first: number | undefined
    const report = await read(file, { resume: true, onProgress: (done) => (first ??= done) })
    expect(report).toMatchObject({ rows: 4_500, stored: 4_455, known: 0, refused: 45 })
    expect(await fixture.labels()).toHaveLength(4_455)
    expect(
      refusedOf(file)
        .slice(1)
        .map((line) => Number(line.split(',')[0])),
    ).toEqual(Array.from({ length: 45 }, (_, n) => n * 100 + 9))
    expect(fs.existsSync(`${file}.checkpoint`)).toBe(false)
    // Without a checkpoint everything is recognised.
    expect(await read(file)).toMatchObject({ stored: 0, known: 4_455, refused: 45 })
  })

  it('begin again where the file has changed since the checkpoint', async () => {
    const file = csv(
      'changed.csv',
      Array.from({ length: 1_500 }, (_, n) => row(n + 1)),
    )
    const failing = new FailingDatabase(fixture.url, { poolMax: 2 })
    failing.left = 1
    await expect(read(file, {}, failing)).rejects.toThrow()
    await failing.close()
    csv('changed.csv', [row(4_000), row(1)])
    expect(await read(file, { resume: true })).toMatchObject({ rows: 2, stored: 1, known: 1 })
  })

  it('may be imported by two at once', async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => row(n + 1))
    const files = [csv('one.csv', rows), csv('two.csv', rows.toReversed())]
    const reports = await Promise.all(files.map((file) => read(file)))
    expect(reports.reduce((sum, { stored }) => sum + stored, 0)).toBe(3_000)
    expect(await fixture.labels()).toHaveLength(3_000)
  })
})
