// node scripts/deploy/tools.mjs [folder]: installs what the deploy suite runs: helm and a compose checker with Go,
// hadolint, the Kubernetes schemas and Postgres' clients with pip. Kept in the user's cache, or in the folder that REELTAG_DEPLOY_TOOLS names.
import { execFile, spawnSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const helmModule = 'helm.sh/helm/v3/cmd/helm@v3.22.0'
const composeModule = 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2'
const requirements = path.join(import.meta.dirname, 'requirements.txt')
const pythonMin = '(3, 10)'
const goMin = [1, 26]

const fingerprint = () =>
  crypto
    .createHash('sha256')
    .update([helmModule, composeModule, fs.readFileSync(requirements, 'utf8')].join('\n'))
    .digest('hex')
    .slice(0, 12)

const defaultFolder = () =>
  process.env.REELTAG_DEPLOY_TOOLS ||
  path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), `reeltag/deploy-tools-${fingerprint()}`)

/** The commands that are there once the tools are installed. */
export const toolsIn = (folder) => ({
  helm: path.join(folder, 'bin/helm'),
  compose: path.join(folder, 'bin/compose'),
  hadolint: path.join(folder, 'venv/bin/hadolint'),
  python: path.join(folder, 'venv/bin/python'),
  postgresClients: postgresClientsIn(path.join(folder, 'venv/lib')),
})

/** The folder of pg_dump and pg_restore: Debian's are older than the server, which they then refuse. */
const postgresClientsIn = (libraries) => {
  const [version = ''] = fs.existsSync(libraries) ? fs.readdirSync(libraries) : []
  return path.join(libraries, version, 'site-packages/embedded_postgres/pginstall/bin')
}

const isInstalled = (folder) => fs.existsSync(path.join(folder, 'bin/helm'))

/** What is missing on this machine to install the tools, and what to do; undefined where nothing is. */
const whyNot = () => {
  const python = spawnSync('python3', ['-c', `import sys, venv, ensurepip; sys.exit(sys.version_info < ${pythonMin})`])
  if (python.status !== 0) return 'python3 with venv is not there: install Python 3.10 or newer with venv'
  const go = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' })
  const version = /^go(\d+)\.(\d+)/.exec(go.stdout ?? '')
  if (go.status !== 0 || version === null) return 'go is not on the PATH: install Go, which builds helm'
  const [major, minor] = version.slice(1).map(Number)
  if (major < goMin[0] || (major === goMin[0] && minor < goMin[1]))
    return `Go is version ${major}.${minor}: install Go ${goMin.join('.')} or newer, which builds helm`
  return undefined
}

const goInstall = async (draft, module, name) => {
  const bin = path.join(draft, 'bin')
  const env = { ...process.env, GOBIN: bin, GOFLAGS: '-trimpath -buildvcs=false', CGO_ENABLED: '0' }
  await run('go', ['install', '-ldflags=-s -w', module], { env, maxBuffer: 2 ** 24 })
  const built = path.join(bin, path.basename(module.split('@')[0]))
  if (path.basename(built) !== name) fs.renameSync(built, path.join(bin, name))
}

const install = async (folder) => {
  // In a folder beside, which is renamed when it is whole: what another process sees is never half.
  const draft = `${folder}.draft-${process.pid}`
  fs.mkdirSync(draft, { recursive: true })
  try {
    await run('python3', ['-m', 'venv', path.join(draft, 'venv')])
    await run(path.join(draft, 'venv/bin/python'), ['-m', 'pip', 'install', '--quiet', '-r', requirements])
    await goInstall(draft, composeModule, 'compose')
    await goInstall(draft, helmModule, 'helm')
    if (!isInstalled(folder)) fs.renameSync(draft, folder)
  } finally {
    fs.rmSync(draft, { recursive: true, force: true })
  }
}

/**
 * The tools, installed where they are not yet.
 * @returns the commands, or `missing` with the reason why there are none
 */
export const openTools = async (folder = defaultFolder()) => {
  if (isInstalled(folder)) return toolsIn(folder)
  const missing = whyNot()
  if (missing !== undefined && process.env.REELTAG_REQUIRE_ALL === '1') throw new Error(missing)
  if (missing !== undefined) return { missing }
  console.log(`installing helm, hadolint, the Kubernetes schemas and pg_dump into ${folder}; minutes, once`)
  await install(folder)
  return toolsIn(folder)
}

if (import.meta.filename === process.argv[1]) {
  const { missing } = await openTools(process.argv[2])
  if (missing !== undefined) {
    console.error(missing)
    process.exitCode = 1
  }
}
