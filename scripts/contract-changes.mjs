// Compares a released JSON Schema with what it was. Who wrote or reads the old one decides which changes are allowed:
//   request, stored  must accept everything that they accepted
//   response, event  must say everything that they said
// Everything that is not allowed here is refused, so that a keyword that nobody thought of stops the change.

/** @typedef {'request' | 'stored' | 'response' | 'event'} Kind */

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b)
const changed = (path, before, after) => `${path}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`

/** Words about the data, not rules for it. */
const notes = new Set(['description', 'title', 'examples', '$comment'])
/** Bounds by the direction in which they loosen. */
const upper = new Set(['maximum', 'maxLength', 'maxItems', 'exclusiveMaximum', 'maxProperties'])
const lower = new Set(['minimum', 'minLength', 'minItems', 'exclusiveMinimum', 'minProperties'])

/** Whether an input may drop this rule and still accept all that it accepted. */
const mayGo = (key) => upper.has(key) || lower.has(key) || ['pattern', 'format', 'uniqueItems', 'enum'].includes(key)

/**
 * @param {Kind} kind
 * @returns {string[]} the forbidden changes from `before` to `after`, each as `path: what happened`
 */
export const schemaChanges = (before, after, kind, path = '') => {
  if (!isObject(before) || !isObject(after)) return equal(before, after) ? [] : [changed(path, before, after)]
  const isInput = kind === 'request' || kind === 'stored'
  if (isInput && !equal(before, after) && acceptsAsOneOf(before, after, kind)) return []
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys]
    .filter((key) => !notes.has(key))
    .flatMap((key) => keywordChanges(key, before, after, { kind, isInput, path: `${path}/${key}` }))
}

/** An input that was X may become "X or Y". */
const acceptsAsOneOf = (before, after, kind) =>
  !('anyOf' in before) &&
  Array.isArray(after.anyOf) &&
  after.anyOf.some((branch) => schemaChanges(before, branch, kind).length === 0)

const keywordChanges = (key, before, after, { kind, isInput, path }) => {
  const [was, is] = [before[key], after[key]]
  if (key === 'properties') return propertyChanges(before, after, kind, path)
  if (key === 'required') return requiredChanges(before, after, { kind, isInput, path })
  if (was === undefined) return key === 'default' && isInput ? [] : [`${path}: appeared`]
  if (is === undefined) return isInput && (mayGo(key) || key === 'additionalProperties') ? [] : [`${path}: is gone`]
  if (key === 'enum') return enumChanges(was, is, isInput || before['x-open-enum'] === true, path)
  if (isInput && upper.has(key)) return is >= was ? [] : [changed(path, was, is)]
  if (isInput && lower.has(key)) return is <= was ? [] : [changed(path, was, is)]
  if (['anyOf', 'oneOf', 'allOf', 'prefixItems'].includes(key))
    return branchChanges(was, is, { kind, isInput, key, path })
  return schemaChanges(was, is, kind, path)
}

/** A property may come; whether it may be required is the business of `required`. */
const propertyChanges = (before, after, kind, path) =>
  Object.entries(before.properties ?? {}).flatMap(([name, property]) =>
    after.properties?.[name] === undefined
      ? [`${path}/${name}: is gone`]
      : schemaChanges(property, after.properties[name], kind, `${path}/${name}`),
  )

const requiredChanges = (before, after, { kind, isInput, path }) => {
  const [was, is] = [new Set(before.required ?? []), new Set(after.required ?? [])]
  const dropped = [...was].filter((name) => !is.has(name))
  const added = [...is].filter((name) => !was.has(name))
  if (isInput) return added.map((name) => `${path}: ${name} is required now`)
  const optional = dropped.map((name) => `${path}: ${name} is optional now`)
  return kind === 'event' ? [...optional, ...added.map((name) => `${path}: ${name} is required now`)] : optional
}

const enumChanges = (was, is, mayGain, path) => [
  ...was.filter((value) => !is.includes(value)).map((value) => `${path}: ${JSON.stringify(value)} is gone`),
  ...(mayGain
    ? []
    : is.filter((value) => !was.includes(value)).map((value) => `${path}: ${JSON.stringify(value)} appeared`)),
]

/** Branches keep their places; an input may get more alternatives at the end. */
const branchChanges = (was, is, { kind, isInput, key, path }) => {
  const mayGain = isInput && (key === 'anyOf' || key === 'oneOf')
  if (is.length < was.length || (is.length > was.length && !mayGain)) return [changed(path, was, is)]
  return was.flatMap((branch, index) => schemaChanges(branch, is[index], kind, `${path}/${index}`))
}

/** What a lock holds: definitions by section. Definitions may come; none may go. */
const sections = { events: 'event', responses: 'response', requests: 'request', stored: 'stored' }

/** @returns {string[]} the forbidden changes between two whole locks */
export const forbiddenChanges = (before, after) => [
  ...Object.entries(sections).flatMap(([section, kind]) =>
    Object.entries(before[section] ?? {}).flatMap(([name, schema]) =>
      after[section]?.[name] === undefined
        ? [`/${section}/${name}: is gone`]
        : schemaChanges(schema, after[section][name], /** @type {Kind} */ (kind), `/${section}/${name}`),
    ),
  ),
  ...Object.entries(before.errors ?? {}).flatMap(([code, entry]) =>
    equal(entry, after.errors?.[code]) ? [] : [changed(`/errors/${code}`, entry, after.errors?.[code])],
  ),
]
