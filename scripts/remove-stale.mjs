// What tsc emitted for a source that has since moved or gone: Jest would run its old tests, and imports would find it.
import fs from 'node:fs'
import path from 'node:path'

const emitted = /\.(js|d\.ts)(\.map)?$/

/** @param {string} root the clone @returns {string[]} folders that have a src and a dist */
const packagesIn = (root) =>
  ['libs', 'apps', '.']
    .flatMap((group) => fs.readdirSync(path.join(root, group)).map((name) => path.join(root, group, name)))
    .filter((folder) => ['src', 'dist'].every((name) => fs.existsSync(path.join(folder, name))))
    // A bundler empties its folder by itself, and names files as it likes.
    .filter((folder) => !fs.existsSync(path.join(folder, 'vite.config.ts')))

/** Removes emitted files without a source. @param {string} root the clone @returns {string[]} what it removed */
export const removeStale = (root) =>
  packagesIn(root).flatMap((folder) => {
    const dist = path.join(folder, 'dist')
    const files = fs.readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => emitted.test(file))
    const stale = files.filter((file) => !fs.existsSync(path.join(folder, 'src', file.replace(emitted, '.ts'))))
    for (const file of stale) fs.rmSync(path.join(dist, file))
    return stale.map((file) => path.join(dist, file))
  })
