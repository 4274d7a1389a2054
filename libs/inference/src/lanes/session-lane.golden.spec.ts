import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const fileOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const graphFile = fileOf('../../fixtures/lookup.onnx')
const laneModule = fileOf('./session-lane.js')

/** A process that opens a session, runs it and closes it. */
const program = `
const { SessionLane } = await import(${JSON.stringify(laneModule)})
const lane = await SessionLane.open({ graphFile: ${JSON.stringify(graphFile)}, threads: 1, device: 'cpu' })
const { rows } = await lane.run({ ids: { data: BigInt64Array.of(1n), dims: [1, 1] } })
console.log(rows.dims.join())
await lane.close()
`

describe('SessionLane', () => {
  let folder: string
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-session-'))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  it('lets ONNX Runtime report nothing: no device id, no queue of events, no log', () => {
    const file = path.join(folder, 'program.mjs')
    fs.writeFileSync(file, program)
    const home = path.join(folder, 'home')
    fs.mkdirSync(home)
    const output = execFileSync(process.execPath, [file], { env: { HOME: home, TMPDIR: home }, encoding: 'utf8' })
    expect(output.trim()).toBe('1,1,2')
    expect(fs.readdirSync(home)).toEqual([])
  })
})
