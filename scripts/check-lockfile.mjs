// Every package that ships one binary per platform must have all of them in the lockfile: one written where some were
// missing installs here and fails with `npm ci` elsewhere.
import fs from 'node:fs'
import path from 'node:path'

/** @returns `package → what it names and the lock lacks`, one line each */
export const missingPlatforms = (lock) => {
  const known = new Set(Object.keys(lock.packages).map((key) => key.split('node_modules/').at(-1)))
  return Object.entries(lock.packages).flatMap(([key, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !known.has(name))
      .map((name) => `${key.split('node_modules/').at(-1) || 'root'} → ${name}`),
  )
}

/** Addresses would tie the lock to one registry. */
export const resolvedHosts = (lock) =>
  Object.values(lock.packages).flatMap(({ resolved }) => (resolved?.startsWith('http') ? [resolved] : []))

if (process.argv[1] === import.meta.filename) {
  const lock = JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../package-lock.json'), 'utf8'))
  const missing = missingPlatforms(lock)
  const hosts = resolvedHosts(lock)
  for (const line of missing) console.error(`the lockfile lacks ${line}`)
  if (hosts.length > 0) console.error(`the lockfile names ${hosts.length} download addresses, such as ${hosts[0]}`)
  if (missing.length > 0 || hosts.length > 0) {
    console.error(
      'remedy: pin the package to a version whose platforms are all published, and write the lockfile again',
    )
    process.exitCode = 1
  } else console.log('the lockfile names every platform')
}
