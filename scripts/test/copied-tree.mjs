// A copy of the built tree, to change and build without touching the clone.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { bundledRooms, rooms } from '../workspaces.mjs'

/** Where tsc puts what a source compiles to. @param {string} file */
export const emittedFile = (file) => file.replace('/src/', '/dist/').replace(/\.ts$/, '.js')

/**
 * Copies what git tracks, what tsc emitted, and the installed packages (as links; nothing writes to them).
 * @param {string} root @returns {Promise<{ root: string, remove: () => void }>}
 */
export const copyTree = async (root) => {
  const tree = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-copy-'))
  const copy = path.join(tree, 'reeltag')
  const ignored = new Set(['.git', 'node_modules', '.venv', '.venv-eval', '.cache', '.pytest_cache', '__pycache__'])
  // With its times: what is up to date is not built again.
  fs.cpSync(root, copy, {
    recursive: true,
    preserveTimestamps: true,
    filter: (source) => !ignored.has(path.basename(source)),
  })
  const installed = path.join(root, 'node_modules')
  fs.mkdirSync(path.join(copy, 'node_modules'))
  for (const name of fs.readdirSync(installed))
    if (name !== '@reeltag') fs.symlinkSync(path.join(installed, name), path.join(copy, 'node_modules', name))
  linkRooms(copy)
  // npm may have put a bundler's packages into its room.
  for (const room of bundledRooms(root)) {
    const own = path.join(root, room, 'node_modules')
    if (fs.existsSync(own)) fs.symlinkSync(own, path.join(copy, room, 'node_modules'))
  }
  const shared = path.resolve(root, '../shared')
  if (fs.existsSync(shared)) fs.symlinkSync(shared, path.join(tree, 'shared'))
  return { root: copy, remove: () => fs.rmSync(tree, { recursive: true, force: true }) }
}

/** Rooms must resolve to the copy, everything else to what is installed. @param {string} copy */
export const linkRooms = (copy) => {
  for (const room of [...rooms(copy), 'e2e']) {
    const { name } = JSON.parse(fs.readFileSync(path.join(copy, room, 'package.json'), 'utf8'))
    const link = path.join(copy, 'node_modules', name)
    fs.mkdirSync(path.dirname(link), { recursive: true })
    fs.rmSync(link, { force: true })
    fs.symlinkSync(path.join(copy, room), link)
  }
}
