import { expect, it } from '@jest/globals'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { RefusedRows } from './refused-rows.js'

it('refused rows that were shortened or moved meanwhile are not gone on with', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-refused-'))
  try {
    const rows = new RefusedRows(path.join(folder, 'big.csv'))
    expect([rows.has(0), rows.has(10)]).toEqual([true, false])
    fs.writeFileSync(rows.file, '0123456789')
    expect([rows.has(10), rows.has(11)]).toEqual([true, false])
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
})
