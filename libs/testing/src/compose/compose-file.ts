// Reads docker-compose.yml as Compose does: anchors, `<<`, and ${VARIABLE}, ${VARIABLE:-default}, ${VARIABLE:?message}.
import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { cloneFolder } from './clone-folder.js'

export const composeFile = path.join(cloneFolder, 'docker-compose.yml')
/** Of `npm run services`: the servers of the file above, on ports of the host. */
export const serversFile = path.join(cloneFolder, 'docker-compose.servers.yml')

type Environment = Readonly<Record<string, string>>

/** A service of a Compose file, as far as it is read here. */
export interface ComposeService {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Environment
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck: { readonly test: readonly string[]; readonly interval: string; readonly start_period: string }
  readonly stop_grace_period: string
  readonly profiles?: readonly string[]
  // What only tests of the file read.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly [field: string]: any
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly [field: string]: any
}

const variable = /\$(?:\$|\{([A-Z][A-Z0-9_]*)(?::([-?])([^}]*))?\})/g

const interpolate = (text: string, env: Environment): string =>
  text.replaceAll(variable, (_whole, name?: string, operator?: string, word = '') => {
    if (name === undefined) return '$'
    const value = env[name]
    if (value !== undefined && value !== '') return value
    if (operator === '?') throw new Error(word)
    return operator === '-' ? word : ''
  })

const walk = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => walk(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, change)]))
}

/** A container gets its environment as text, whatever YAML makes of it. */
const withTexts = (compose: Compose): Compose => {
  const services = Object.entries(compose.services).map(([name, service]) => {
    if (service.environment === undefined) return [name, service]
    const texts = Object.entries(service.environment).map(([key, value]) => [key, String(value)])
    return [name, { ...service, environment: Object.fromEntries(texts) }]
  })
  return { ...compose, services: Object.fromEntries(services) }
}

/** The file as an object. @param env what .env would give @throws with the message of a variable that is missing */
export const readCompose = (env: Environment, file = composeFile): Compose =>
  withTexts(walk(parse(fs.readFileSync(file, 'utf8'), { merge: true }), (text) => interpolate(text, env)) as Compose)

/** Names of all variables that the file asks for. */
export const variablesOf = (file = composeFile): string[] => {
  const text = fs.readFileSync(file, 'utf8')
  return [...new Set([...text.matchAll(variable)].flatMap(([, name]) => name ?? []))]
}

/** Seconds of `75s`, `2m`. */
export const secondsOf = (duration: string): number => {
  const [, number, unit] = /^(\d+)(s|m)$/.exec(duration) ?? []
  if (number === undefined) throw new Error(`${duration} is not a number of seconds or minutes`)
  return Number(number) * (unit === 'm' ? 60 : 1)
}

/** A .env that is filled in. */
export const filledIn = {
  POSTGRES_PASSWORD: 'postgres0password',
  REDIS_PASSWORD: 'redis0password',
  REELTAG_BOOTSTRAP_KEY: 'rt_bootstrap_key_of_the_compose_test',
}
