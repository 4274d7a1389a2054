// npm run docs:reference [-- check]
// docs/errors.md, docs/asyncapi.yaml, the variables in docs/operations/configure.md and the dashboard's types of the REST
// API come from the code, so they cannot say something else.
import { errorCodes } from '@reeltag/contracts'
import { Environment } from '@reeltag/platform'
import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { apiTypes } from './api-types.mjs'
import { asyncapi } from './asyncapi.mjs'

const root = path.resolve(import.meta.dirname, '..')
const folders = { MODELS_DIR: 'models/', TAXONOMIES_DIR: 'taxonomies/' }
const marks = ['<!-- variables: written by npm run docs:reference -->', '<!-- end of variables -->']

const errors = () => {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, retryable, title, remedy }]) =>
      `| <a id="${code}"></a>\`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${title.en}<br>${title.zh} | ${remedy.en}<br>${remedy.zh} |`,
  )
  return `# Errors · 错误码

Written by \`npm run docs:reference\` from the error table. Every REST error is an RFC 9457 problem document
(\`application/problem+json\`) that carries the code; a content that fails carries it in \`error.code\`. Codes are never
renamed or reused. "Again" says whether the same request may succeed later.

| code | status | again | what happened | what to do |
|---|---|---|---|---|
${rows.join('\n')}
`
}

const variables = () => {
  const { properties } = z.toJSONSchema(Environment, { io: 'input', unrepresentable: 'any' })
  const defaults = Environment.parse({})
  const describe = (name) => {
    const value = defaults[name]
    // Folders differ from machine to machine; how they come about is said in words.
    if (name === 'REELTAG_HOME') return '`~/.reeltag`'
    if (name === 'DASHBOARD_DIR') return 'where `npm run build` puts it'
    if (name in folders) return `\`${folders[name]}\` of the clone`
    if (name === 'DECODERS') return 'the number of cores, at most 8'
    if (name === 'REELTAG_SERVICES') return 'all'
    return value === undefined || (typeof value === 'object' && Object.keys(value).length === 0) ? '–' : `\`${value}\``
  }
  return [
    '| variable | default |',
    '|---|---|',
    ...Object.keys(properties).map((name) => `| \`${name}\` | ${describe(name)} |`),
  ].join('\n')
}

const pages = async () => {
  const file = path.join(root, 'docs/operations/configure.md')
  const text = fs.readFileSync(file, 'utf8')
  const [start, end] = marks.map((mark) => text.indexOf(mark))
  const configure = `${text.slice(0, start + marks[0].length)}\n${variables()}\n${text.slice(end)}`
  return {
    'docs/errors.md': errors(),
    'docs/asyncapi.yaml': asyncapi(),
    'docs/operations/configure.md': configure,
    'apps/review-web/src/api/generated/platform.d.ts': await apiTypes(),
  }
}

const stale = Object.entries(await pages()).filter(([file, text]) => {
  const full = path.join(root, file)
  if (fs.existsSync(full) && fs.readFileSync(full, 'utf8') === text) return false
  if (process.argv[2] !== 'check') {
    fs.mkdirSync(path.dirname(full), { recursive: true })
    fs.writeFileSync(full, text)
  }
  return true
})
for (const [file] of stale)
  console.log(`${file} ${process.argv[2] === 'check' ? 'is not what the code says' : 'is written'}`)
if (process.argv[2] === 'check' && stale.length > 0) {
  console.error('remedy: npm run docs:reference')
  process.exitCode = 1
}
