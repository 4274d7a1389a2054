// node scripts/bundle.mjs, and part of `npm run build`: what is built for a browser, rooms with a vite.config.ts.
// Built-in modules only, because bootstrap needs it.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const inputs = ['src', 'public', 'index.html', 'package.json', 'vite.config.ts']

/** Time of the newest file at or below a path, in milliseconds; 0 where there is none. */
const newest = (file) => {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  // A folder's own time tells of files that are gone.
  return Math.max(stat.mtimeMs, ...fs.readdirSync(file).map((name) => newest(path.join(file, name))))
}

/** @param {string} root the clone @returns {string[]} folders of rooms whose bundle is older than their sources */
export const staleBundles = (root) =>
  fs
    .readdirSync(path.join(root, 'apps'))
    .map((name) => path.join(root, 'apps', name))
    .filter((room) => fs.existsSync(path.join(room, 'vite.config.ts')))
    .filter((room) => {
      const built = fs.statSync(path.join(room, 'dist/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0
      return [...inputs.map((name) => path.join(room, name)), path.join(root, 'package-lock.json')].some(
        (input) => newest(input) > built,
      )
    })

/** Vite as the room has it: its own version, or the one that rooms share. */
const viteOf = (root, room) =>
  [room, root].map((folder) => path.join(folder, 'node_modules/vite/bin/vite.js')).find((file) => fs.existsSync(file))

/**
 * Builds what is stale.
 * @param {string} root the clone
 * @param {(label: string, args: string[], cwd: string) => Promise<unknown>} run runs Node with arguments
 */
export const bundle = async (root, run) => {
  for (const room of staleBundles(root))
    await run(`bundle ${path.basename(room)}`, [viteOf(root, room) ?? 'vite', 'build', '--logLevel', 'warn'], room)
}

if (process.argv[1] === import.meta.filename)
  await bundle(path.resolve(import.meta.dirname, '..'), async (label, args, cwd) => {
    console.log(label)
    execFileSync(process.execPath, args, { cwd, stdio: 'inherit' })
  })
