// The commands that docs/operations.md tells an operator to type: code blocks are ```sh <name>.
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from '../bootstrap.mjs'

const run = promisify(execFile)
const document = path.join(root, 'docs/operations.md')

/** Names of all blocks, and those with one name as a list of commands, a line each. */
export const documentedBlocks = () =>
  [...fs.readFileSync(document, 'utf8').matchAll(/^```(\S*) ?(\S*)\n([\s\S]*?)^```$/gm)].map(
    ([, language, name, text]) => ({ language, name, lines: text.trimEnd().split('\n') }),
  )

export const documentedCommands = (name) =>
  documentedBlocks()
    .filter((block) => block.name === name)
    .flatMap(({ lines }) => lines)

/** Carries commands out in the clone, as a shell does that stops at the first failure. @returns what they printed */
export const carryOutDocumented = async (commands, env) => {
  const script = ['set -e', ...commands].join('\n')
  const { stdout } = await run('sh', ['-c', script], { cwd: root, env: { ...process.env, ...env } })
  return stdout
}
