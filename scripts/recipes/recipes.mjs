// The recipes of docs/extending.md, read as a list of edits that a test can carry out.
import fs from 'node:fs'
import path from 'node:path'

/**
 * @typedef {{ file: string, place: 'after' | 'before' | 'instead of', anchor: string, text: string }} Change
 * @typedef {{ file: string, place: 'new', text: string }} NewFile
 * @typedef {{ name: string, filesMax: number, edits: (Change | NewFile)[] }} Recipe
 */

const heading = /^## (.+)$/
const changeLine = /^In `(\S+)`, (after|before|instead of) (`{1,2})(.+)\3:$/
const newLine = /^New file (\S+):$/
const promise = /^Files to touch by hand: (\d+)\.$/

/**
 * A recipe is a section that says how many files it takes. An edit is a line that names the place, and the block below it.
 * @param {string} document @returns {Recipe[]}
 */
export const recipesOf = (document) => {
  /** @type {Recipe[]} */
  const recipes = []
  let name = ''
  /** @type {{ opening: string, body: string[] } | undefined} */
  let block
  /** @type {string | undefined} */
  let place
  for (const line of document.split('\n')) {
    if (block !== undefined) {
      if (line !== '```') block.body.push(line)
      else {
        if (place !== undefined) recipes.at(-1)?.edits.push(editOf(place, block.body.join('\n')))
        block = undefined
        place = undefined
      }
    } else if (line.startsWith('```')) block = { opening: line, body: [] }
    else if (heading.test(line)) name = line.slice(3)
    else if (promise.test(line)) recipes.push({ name, filesMax: Number(promise.exec(line)?.[1]), edits: [] })
    else if (changeLine.test(line) || newLine.test(line)) place = line
  }
  return recipes
}

/** @param {string} place @param {string} text @returns {Change | NewFile} */
const editOf = (place, text) => {
  const [, file, where, , anchor] = changeLine.exec(place) ?? []
  if (file !== undefined) return { file, place: /** @type {Change['place']} */ (where), anchor, text }
  return { file: newLine.exec(place)?.[1] ?? '', place: 'new', text }
}

const isTest = (/** @type {string} */ file) => file.endsWith('.spec.ts')

/** Files that a person touches: specs aside. @param {Recipe} recipe */
export const filesByHand = ({ edits }) => [...new Set(edits.map(({ file }) => file))].filter((file) => !isTest(file))

/** @param {Recipe} recipe */
export const specsOf = ({ edits }) => [...new Set(edits.map(({ file }) => file))].filter(isTest)

/**
 * @param {string} before the text of the file @param {Change} change @returns {string}
 * @throws where the anchor is not one whole line, nor a part of one line alone
 */
export const changed = (before, { file, place, anchor, text }) => {
  const lines = before.split('\n')
  const where = (/** @type {(line: string) => boolean} */ fits) =>
    lines.flatMap((line, index) => (fits(line) ? [index] : []))
  const whole = where((line) => line === anchor)
  const found = whole.length > 0 ? whole : where((line) => line.includes(anchor))
  if (found.length !== 1) throw new Error(`${file}: ${found.length} lines have "${anchor}", not one`)
  const at = found[0]
  if (place === 'after') lines.splice(at + 1, 0, text)
  else if (place === 'before') lines.splice(at, 0, text)
  else lines[at] = lines[at].replace(anchor, () => text)
  return lines.join('\n')
}

/**
 * What the files of a tree become.
 * @param {string} root @param {Recipe} recipe @returns {Map<string, string>} by path from the root
 * @throws where an edit has no place to go
 */
export const applied = (root, { edits }) => {
  /** @type {Map<string, string>} */
  const files = new Map()
  for (const edit of edits) {
    const full = path.join(root, edit.file)
    if (edit.place !== 'new') files.set(edit.file, changed(files.get(edit.file) ?? fs.readFileSync(full, 'utf8'), edit))
    else if (fs.existsSync(full) || files.has(edit.file)) throw new Error(`${edit.file} is there already`)
    else files.set(edit.file, `${edit.text}\n`)
  }
  return files
}

/** @param {string} root @param {Recipe} recipe */
export const apply = (root, recipe) => {
  for (const [file, text] of applied(root, recipe)) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    fs.writeFileSync(path.join(root, file), text)
  }
}
