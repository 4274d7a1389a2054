// Whatever the documents tell people to type is run by a test, or needs something that documented-commands.yaml names.
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { root } from './bootstrap.mjs'
import { commandsOf, documentedBlocks, inlineCommands } from './documented-commands.mjs'

const registryFile = 'scripts/documented-commands.yaml'
const registry = parse(fs.readFileSync(path.join(root, registryFile), 'utf8'))
const npmScripts = Object.keys(JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).scripts)
const typed = new Set(['sh', 'js', 'python'])

/** Those that git knows or would take: whoever writes a new one is told at once. */
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root })
const documents = String(listed)
  .split('\n')
  .filter((file) => file !== '' && fs.existsSync(path.join(root, file)))

/** @param says what the test must contain: that it lies there is no proof, but a renamed block is noticed */
const problemsOfEntry = (where, entry, says) => {
  if (typeof entry?.needs === 'string' && entry.needs !== '') return []
  if (typeof entry?.by !== 'string') return [`${where}: ${registryFile} names neither a test nor what it needs`]
  const file = path.join(root, entry.by)
  if (!fs.existsSync(file)) return [`${where}: there is no ${entry.by}`]
  const expected = entry.says ?? says
  return fs.readFileSync(file, 'utf8').includes(expected) ? [] : [`${where}: ${entry.by} does not mention ${expected}`]
}

const problemsOfBlock = (document, { language, name, text }) => {
  const where = `${document}: ${name}`
  if (language === '') return [`${document}: the block "${text.split('\n')[0]}" has no language`]
  if (!typed.has(language)) return []
  if (name === '') return [`${document}: the block "${text.split('\n')[0]}" has no name`]
  const entry = registry.blocks[document]?.[name]
  if (!Array.isArray(entry)) return problemsOfEntry(where, entry, `'${name}'`)
  const commands = commandsOf(text)
  if (commands.length !== entry.length) return [`${where} has ${commands.length} commands, not ${entry.length}`]
  return entry.flatMap((one, index) => problemsOfEntry(`${where}: ${commands[index]}`, one, `'${name}'`))
}

const problemsOfDocument = (document) => {
  const blocks = documentedBlocks(document)
  const stale = Object.keys(registry.blocks[document] ?? {}).filter((name) => !blocks.some((it) => it.name === name))
  return [
    ...blocks.flatMap((block) => problemsOfBlock(document, block)),
    ...stale.map((name) => `${registryFile}: ${document} has no block ${name}`),
    ...inlineCommands(document).flatMap((command) => {
      // ADRs tell of what was tried; nobody is asked to type it.
      if (document.startsWith('docs/adr/')) return []
      return problemsOfEntry(`${document}: ${command}`, registry.inline[command], command)
    }),
  ]
}

const spread = (text) => text.replaceAll(/ +/g, ' ').trim()

/** What the CLI says that it knows: two words each, at the beginning of a line. */
const cliCommands = () => {
  const { stdout } = spawnSync(process.execPath, ['apps/reeltag/dist/cli.js', 'help'], { cwd: root, encoding: 'utf8' })
  const lines = [...stdout.matchAll(/^ {2}(\w+ +\S+)/gm)].map(([, command]) => spread(command))
  return [...new Set(lines)]
}
const commandsOfCli = cliCommands()

const staleEntries = () => {
  const commands = new Set(documents.flatMap(inlineCommands))
  return [
    ...Object.keys(registry.blocks).filter((document) => !documents.includes(document)),
    ...Object.keys(registry.inline).filter((command) => !commands.has(command)),
    ...Object.keys(registry.reeltag).filter((name) => !commandsOfCli.includes(name)),
    ...Object.keys(registry.scripts).filter((name) => !npmScripts.includes(name)),
  ].map((name) => `${registryFile}: nothing is called ${name}`)
}

const problems = [
  ...documents.flatMap(problemsOfDocument),
  ...npmScripts.flatMap((name) => problemsOfEntry(`npm run ${name}`, registry.scripts[name], `npm run ${name}`)),
  ...commandsOfCli.flatMap((name) => problemsOfEntry(`reeltag ${name}`, registry.reeltag[name], name)),
  ...staleEntries(),
]
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(`${documents.length} documents tell of no command that nobody runs`)
