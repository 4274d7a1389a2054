import { expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Rows of labels of about 400 bytes each, until 200 kB are written. */
const script = (file: string): string => `
const { openLabelWriter } = await import(${JSON.stringify(path.join(import.meta.dirname, 'write-labels.js'))})
const row = { contentId: 'c', externalId: 'e'.repeat(200), videoSha256: null, facet: 'f', path: 'p', source: 'import', who: 'w',
  at: new Date(0), propensity: null, taxonomy: 't/1', supersededAt: null }
const writer = openLabelWriter(${JSON.stringify(file)}, 'csv', false)
writer.write(Array.from({ length: 500 }, () => row))
writer.finish()
console.log('written')`

it('labels that do not fit onto the disk are an error, not a shorter file', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-labels-'))
  const file = path.join(folder, 'labels.csv')
  const source = path.join(folder, 'write.mjs')
  fs.writeFileSync(source, script(file))
  const write = (kilobytes: string) =>
    spawnSync('bash', ['-c', `ulimit -f ${kilobytes}; exec "$0" "$1"`, process.execPath, source], { encoding: 'utf8' })
  try {
    expect(write('unlimited')).toMatchObject({ status: 0, stdout: 'written\n' })
    // A limit of this process does what a full disk does: a write ends short, and the next one fails.
    const cut = write('64')
    expect(cut.stdout).toBe('')
    expect(cut.stderr).toContain('EFBIG')
    expect(cut.status).not.toBe(0)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
})
