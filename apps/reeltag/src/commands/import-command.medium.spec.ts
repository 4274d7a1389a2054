import { describe, expect, it } from '@jest/globals'
import type { Config } from '@reeltag/platform'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { importPack } from './import-command.js'

/** An importer that says this much and ends. */
const saying = (lines: readonly object[], status: number): Config => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-import-'))
  fs.mkdirSync(path.join(folder, 'src'))
  const python = path.join(folder, 'python')
  const said = lines.map((line) => JSON.stringify(line)).join('\n')
  fs.writeFileSync(python, `#!/bin/sh\ncat <<'END'\n${said}\nEND\nexit ${status}\n`, { mode: 0o755 })
  return { training: { folder, python }, models: { modelsDir: folder, taxonomiesDir: folder } } as unknown as Config
}

/** An interpreter that complains as Python does, and ends. */
const complaining = (complaint: string): Config => {
  const config = saying([], 1)
  fs.writeFileSync(config.training.python, `#!/bin/sh\ncat >&2 <<'END'\n${complaint}\nEND\nexit 1\n`)
  return config
}

const importing = (config: Config): Promise<void> =>
  importPack(config, ['chinese-clip', '--checkpoint', 'x.pt'], () => undefined)

describe('packs import', () => {
  it.each(['CHECKPOINT_UNSAFE', 'VOCABULARY_INVALID', 'EXPORT_INEXACT', 'PACK_EXISTS'] as const)(
    "ends with the importer's own %s",
    async (code) => {
      const refused = saying([{ kind: 'refused', code, cause: 'the cause', remedy: 'the remedy' }], 1)
      await expect(importing(refused)).rejects.toMatchObject({ code, message: 'the cause. the remedy' })
    },
  )

  it('names a refusal that it does not know inside PACK_IMPORT_REFUSED', async () => {
    const refused = saying([{ kind: 'refused', code: 'NEWER_THAN_WE', cause: 'c', remedy: 'r' }], 1)
    await expect(importing(refused)).rejects.toMatchObject({
      code: 'PACK_IMPORT_REFUSED',
      message: 'NEWER_THAN_WE: c. r',
    })
  })

  it('says which Python, which package or which folder it lacks', async () => {
    const config = saying([], 1)
    const missing = (message: RegExp) => ({ code: 'PYTHON_MISSING', message: expect.stringMatching(message) })
    const nobody = { ...config, training: { ...config.training, python: '/nowhere/python3' } } as Config
    await expect(importing(nobody)).rejects.toMatchObject(missing(/^\/nowhere\/python3 cannot be started$/))
    const bare = complaining("ModuleNotFoundError: No module named 'onnx.helper'")
    await expect(importing(bare)).rejects.toMatchObject(missing(/no package onnx\.helper$/))
    const installed = { ...config, training: { ...config.training, folder: '/nowhere' } } as Config
    await expect(importing(installed)).rejects.toMatchObject(missing(/\/nowhere\/src does not exist/))
    await expect(importing(complaining('Segmentation fault'))).rejects.toMatchObject({ code: 'PACK_IMPORT_REFUSED' })
  })

  it('reports that the importer was killed because memory ran out', async () => {
    await expect(importing(saying([], 137))).rejects.toMatchObject({ code: 'MODEL_MEMORY' })
  })
})
