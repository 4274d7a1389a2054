import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { isInstalled } from '../installing/install-once.js'
import { kafkaInstallName } from './kafka-server.js'
import { mlserverInstallName } from './mlserver.js'
import { s3InstallName } from './s3-server.js'
import { describeUnless } from '../skip-reason.js'
import { testEnvironment } from '../test-environment.js'
import { tritonInstallName } from './triton-server.js'

export type ServerName = 'redis' | 'kafka' | 's3'
export type Prerequisite = ServerName | 'mlserver' | 'triton' | 'python' | 'tls'

/** `describe` for tests that need real servers. Where one cannot be had, they are skipped with the reason. */
export const describeWith = (servers: readonly Prerequisite[], name: string, tests: () => void): void => {
  const missing = servers.flatMap((server) => whyNot(server) ?? [])
  describeUnless(missing.length === 0 ? undefined : missing.join('; '), name, tests)
}

/** What is missing on this machine to start a server, and what to do; undefined where nothing is. */
export const whyNot = (server: Prerequisite): string | undefined => reasons[server]()

const reasons: Record<Prerequisite, () => string | undefined> = {
  redis: () => (isOnPath('redis-server') ? undefined : 'redis-server is not on the PATH: install Redis 7 or newer'),
  kafka: () => {
    const version = javaVersion()
    if (version === undefined) return 'java is not on the PATH: install Java 17 or newer'
    if (version < javaMin) return `java is version ${version}: install Java ${javaMin} or newer`
    return isInstalled(kafkaInstallName) || isOnPath('mvn')
      ? undefined
      : 'mvn is not on the PATH: install Maven, which fetches Kafka'
  },
  s3: () => {
    if (isInstalled(s3InstallName)) return undefined
    return reasons.python()
  },
  mlserver: () => {
    if (isInstalled(mlserverInstallName)) return undefined
    return canRun(`${hasVenv}; ${isServed}`)
      ? undefined
      : 'MLServer has no Python to run on: install Python 3.11 or 3.12 with venv'
  },
  triton: () => {
    if (process.platform !== 'linux' || process.arch !== 'x64')
      return 'Triton does not run on this system: use Linux on x64'
    if (isInstalled(tritonInstallName)) return undefined
    return canRun(`${hasVenv}; ${hasLibrary}; ${isServed}`)
      ? undefined
      : 'Triton has no Python to run on: install Python 3.11 or 3.12 with venv and its shared library (Debian: libpython3-dev), on glibc 2.35 or newer'
  },
  tls: () => (isOnPath('openssl') ? undefined : 'openssl is not on the PATH: install OpenSSL 3'),
  python: () => (canMakeVenv() ? undefined : 'python3 with venv is not there: install Python 3.10 or newer with venv'),
}

const javaMin = 17

/** The first number of `java -version`, which prints to stderr; undefined where it does not run. */
const javaVersion = (): number | undefined => {
  const { status, stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' })
  const major = /version "(\d+)/.exec(stderr ?? '')?.[1]
  return status === 0 && major !== undefined ? Number(major) : undefined
}

const hasVenv = 'import sys, venv, ensurepip'
/** The versions that the pinned packages have in common. */
const isServed = 'sys.exit(not (3, 11) <= sys.version_info < (3, 13))'
/** What embeds Python loads it by this name: from where the system looks, or from where this Python came. */
const hasLibrary = `import ctypes, os, platform, sysconfig
name = 'libpython%d.%d.so.1.0' % sys.version_info[:2]
own = os.path.join(sysconfig.get_config_var('LIBDIR'), name)
ctypes.CDLL(own if os.path.exists(own) else name)
assert tuple(map(int, platform.libc_ver()[1].split('.'))) >= (2, 35)`

const canMakeVenv = (): boolean => canRun(`${hasVenv}; sys.exit(sys.version_info < (3, 10))`)

const canRun = (script: string): boolean =>
  spawnSync('python3', ['-c', script.replaceAll('; ', '\n')], { stdio: 'ignore' }).status === 0

const isOnPath = (program: string): boolean =>
  testEnvironment.path.split(path.delimiter).some((folder) => isExecutable(path.join(folder, program)))

const isExecutable = (file: string): boolean => {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return true
  } catch {
    return false
  }
}
