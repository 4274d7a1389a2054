// Reads docker-compose.yml as Compose does: anchors, `<<`, and ${VARIABLE}, ${VARIABLE:-default}, ${VARIABLE:?message}.
import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { root } from '../bootstrap.mjs'

export const composeFile = path.join(root, 'docker-compose.yml')
/** Of `npm run services`: the servers of the file above, on ports of the host. */
export const serversFile = path.join(root, 'docker-compose.servers.yml')
const variable = /\$(?:\$|\{([A-Z][A-Z0-9_]*)(?::([-?])([^}]*))?\})/g

const interpolate = (text, env) =>
  text.replaceAll(variable, (whole, name, operator, word) => {
    if (name === undefined) return '$'
    if (env[name]) return env[name]
    if (operator === '?') throw new Error(word)
    return operator === '-' ? word : ''
  })

const walk = (value, change) => {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => walk(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, change)]))
}

/** The file as an object. @param env what .env would give @throws with the message of a variable that is missing */
export const readCompose = (env, file = composeFile) =>
  walk(parse(fs.readFileSync(file, 'utf8'), { merge: true }), (text) => interpolate(text, env))

/** Names of all variables that the file asks for. */
export const variablesOf = (file = composeFile) => {
  const text = fs.readFileSync(file, 'utf8')
  return [...new Set([...text.matchAll(variable)].flatMap(([, name]) => name ?? []))]
}

/** Seconds of `75s`, `2m`. */
export const seconds = (duration) => {
  const [, number, unit] = /^(\d+)(s|m)$/.exec(duration)
  return Number(number) * (unit === 'm' ? 60 : 1)
}

/** A .env that is filled in. */
export const filledIn = {
  POSTGRES_PASSWORD: 'postgres0password',
  REDIS_PASSWORD: 'redis0password',
  REELTAG_BOOTSTRAP_KEY: 'rt_bootstrap_key_of_the_compose_test',
}
