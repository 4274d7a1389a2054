// The commands that the documents tell people to type: blocks are ```sh <name>, and a name may have several blocks.
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from './bootstrap.mjs'

const run = promisify(execFile)
const read = (document) => fs.readFileSync(path.join(root, document), 'utf8')
const fence = /^```(\S*) ?(\S*)\n([\s\S]*?)^```$/gm

/** Every fenced block of a document, whatever its language. */
export const documentedBlocks = (document) =>
  [...read(document).matchAll(fence)].map(([, language, name, text]) => ({ language, name, text: text.trimEnd() }))

/** One command each, as it is typed: a line, or several that a backslash joins. */
export const commandsOf = (text) => text.replaceAll(/ *\\\n\s*/g, ' ').split('\n')

/** The commands of all blocks with one name. @throws where there is none: a test must not pass for want of commands */
export const documentedCommands = (document, name) => {
  const blocks = documentedBlocks(document).filter((block) => block.language === 'sh' && block.name === name)
  if (blocks.length === 0) throw new Error(`${document} has no block named ${name}`)
  return blocks.flatMap(({ text }) => commandsOf(text))
}

const programs = 'npm|node|docker|helm|kubectl|reeltag-train|python|pip|psql|curl|eval'
const inline = new RegExp(`(?<!\`)\`((?:[A-Z_]+=\\S+ )*(?:(?:${programs}) [^\`]+|\\.ci/run))\`(?!\`)`, 'g')

/** Commands within a sentence or a table. */
export const inlineCommands = (document) => {
  const found = read(document).replaceAll(fence, '').matchAll(inline)
  return [...new Set([...found].map(([, command]) => command.replaceAll(/\s+/g, ' ').replaceAll('\\|', '|')))]
}

/** Carries commands out in the clone, as a shell does that stops at the first failure. @returns what they printed */
export const carryOutDocumented = async (commands, env) => {
  const script = ['set -e', ...commands].join('\n')
  const { stdout } = await run('sh', ['-c', script], { cwd: root, env: { ...process.env, ...env } })
  return stdout
}
