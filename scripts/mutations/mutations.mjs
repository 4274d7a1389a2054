// The list of mutations: scripts/mutations/<kind>.yaml, read and held against the sources that they change.
import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { grouped } from '../test/outcomes.mjs'

/**
 * @typedef {object} Mutation
 * @property {string} id unique over all kinds
 * @property {string} kind the name of the file that it stands in
 * @property {string} file the source that it changes
 * @property {string} replace what is replaced: occurs exactly once in the file
 * @property {string} by
 * @property {string[]} killedBy test files (for Python also pytest ids), at least one of which must fail
 * @property {string} [equivalent] for a survivor: why nobody can see it
 */

/** @returns {Mutation[]} every mutation of a folder of lists, in the order of the files */
export const readMutations = (folder) =>
  fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => {
      const kind = path.basename(file, '.yaml')
      return parse(fs.readFileSync(path.join(folder, file), 'utf8')).map(({ killedBy, ...entry }) => ({
        ...entry,
        kind,
        killedBy: [killedBy].flat(),
      }))
    })

/** A mutation whose text has moved on mutates nothing. @returns {string[]} what is wrong with the list */
export const problemsOf = (mutations, root) => {
  const seen = new Set()
  return mutations.flatMap(({ id, kind, file, replace, by, killedBy }) => {
    const label = `scripts/mutations/${kind}.yaml: ${id}`
    const twice = seen.has(id)
    seen.add(id)
    if (!fs.existsSync(path.join(root, file))) return [`${label}: ${file} does not exist`]
    const found = fs.readFileSync(path.join(root, file), 'utf8').split(replace).length - 1
    const missing = killedBy.map((test) => test.split('::')[0]).filter((test) => !fs.existsSync(path.join(root, test)))
    return [
      ...(twice ? [`${label}: another mutation has this id`] : []),
      ...(found === 1 ? [] : [`${label}: "${replace}" occurs ${found} times in ${file}; it must occur once`]),
      ...(by === replace || typeof by !== 'string' ? [`${label}: "by" must be a different text`] : []),
      ...missing.map((test) => `${label}: ${test} does not exist`),
    ]
  })
}

/** The text of a file with a mutation in it. */
export const mutated = (text, { replace, by }) => text.split(replace).join(by)

/**
 * The same for the same seed, so that a failing sample can be run again; kinds take turns, so that each is in it.
 * @template T
 * @param {(T & {kind: string, id: string})[]} mutations @param {number} count
 * @param {() => number} next `seededRandom` of @reeltag/decisions
 */
export const sampleOf = (mutations, count, next) => {
  const kinds = grouped(mutations, ({ kind }) => kind)
  const piles = [...kinds.values()].map((pile) => shuffled(pile, next))
  const drawn = []
  for (let round = 0; drawn.length < count && piles.some((pile) => pile.length > round); round++) {
    for (const pile of piles) if (pile.length > round && drawn.length < count) drawn.push(pile[round])
  }
  return drawn
}

const shuffled = (items, next) => {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1))
    const item = result[last]
    result[last] = result[other]
    result[other] = item
  }
  return result
}
