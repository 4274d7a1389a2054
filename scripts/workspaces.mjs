// node scripts/workspaces.mjs write | check
// package.json says what a room needs. What tsc and Nest want to know of it is written from there, never by hand:
// every tsconfig.json, and the projects of nest-cli.json.
import fs from 'node:fs'
import path from 'node:path'

const here = path.resolve(import.meta.dirname, '..')
const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'))

const isBundled = (root, room) => fs.existsSync(path.join(root, room, 'vite.config.ts'))

const allRooms = (root) =>
  ['libs', 'apps'].flatMap((group) =>
    fs
      .readdirSync(path.join(root, group))
      .filter((name) => fs.existsSync(path.join(root, group, name, 'package.json')))
      .map((name) => `${group}/${name}`),
  )

/** Every room that tsc compiles, as `group/name`, in the order of the folders. */
export const rooms = (root = here) => allRooms(root).filter((room) => !isBundled(root, room))

/** Rooms that are built for a browser by a bundler. tsc checks their types, and compiles their specs. */
export const bundledRooms = (root = here) => allRooms(root).filter((room) => isBundled(root, room))

/** Rooms that a package.json names, as `group/name`, sorted. */
const neededRooms = (root, room, all) => {
  const { dependencies = {}, devDependencies = {} } = readJson(path.join(root, room, 'package.json'))
  const needed = new Set(Object.keys({ ...dependencies, ...devDependencies }))
  return all.filter((other) => needed.has(`@reeltag/${path.basename(other)}`)).sort()
}

const entryFile = (root, room) => {
  if (room.startsWith('libs/')) return 'index'
  return fs.existsSync(path.join(root, room, 'src/main.ts')) ? 'main' : `${path.basename(room)}.module`
}

const nestProject = (root, room) => ({
  type: room.startsWith('libs/') ? 'library' : 'application',
  root: room,
  entryFile: entryFile(root, room),
  sourceRoot: `${room}/src`,
  compilerOptions: { tsConfigPath: `${room}/tsconfig.json` },
})

/** What is the same for every room. */
const compiled = (room) => ({
  extends: path.relative(room, 'tsconfig.base.json'),
  compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
  include: ['src'],
})

/** What each generated file should hold. @returns {Map<string, object>} by path from the root */
export const generatedFiles = (root = here) => {
  const all = rooms(root)
  const files = new Map()
  for (const room of [...all, 'e2e']) {
    const needed = neededRooms(root, room, all).map((other) => ({ path: path.relative(room, other) }))
    files.set(`${room}/tsconfig.json`, { ...compiled(room), ...(needed.length === 0 ? {} : { references: needed }) })
  }
  // These two reach every room.
  const specs = bundledRooms(root).map((room) => ({ path: `${room}/tsconfig.tested.json` }))
  files.set('tsconfig.json', { files: [], references: [{ path: 'apps/reeltag' }, { path: 'e2e' }, ...specs] })
  const { projects: _, ...nest } = readJson(path.join(root, 'nest-cli.json'))
  const projects = Object.fromEntries(all.map((room) => [path.basename(room), nestProject(root, room)]))
  files.set('nest-cli.json', { ...nest, projects })
  return files
}

/** @returns {string[]} the generated files that do not hold what they should */
export const staleFiles = (root = here) =>
  [...generatedFiles(root)]
    .filter(([file, content]) => {
      const full = path.join(root, file)
      return !fs.existsSync(full) || JSON.stringify(readJson(full)) !== JSON.stringify(content)
    })
    .map(([file]) => file)

/** The formatter wants a list of one word on one line. */
const shortList = /\[\s+"([^"]+)"\s+\]/g

if (process.argv[1] === import.meta.filename) {
  const stale = staleFiles()
  const contents = generatedFiles()
  if (process.argv[2] === 'write') {
    for (const file of stale)
      fs.writeFileSync(
        path.join(here, file),
        `${JSON.stringify(contents.get(file), null, 2).replace(shortList, '["$1"]')}\n`,
      )
    console.log(stale.length === 0 ? 'nothing has changed' : `written: ${stale.join(', ')}`)
  } else if (stale.length > 0) {
    console.error(`not what package.json says: ${stale.join(', ')}\nremedy: npm run workspaces`)
    process.exitCode = 1
  }
}
