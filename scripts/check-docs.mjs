// Every link, path and npm script that the docs name must exist.
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const { scripts } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
const rooms = new Set(fs.readdirSync(root).filter((name) => fs.statSync(path.join(root, name)).isDirectory()))

const documents = () =>
  [
    'README.md',
    'NOTICE',
    ...fs.readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`),
  ].filter((file) => fs.statSync(path.join(root, file)).isFile())

const problemsOf = (file) => {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target]) =>
    path.join(path.dirname(file), target),
  )
  const paths = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)]
    .map(([, target]) => target)
    .filter((target) => rooms.has(target.split('/')[0]))
  const missing = [...links, ...paths].filter((target) => !fs.existsSync(path.join(root, target)))
  const unknown = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name).filter((name) => !(name in scripts))
  return [
    ...missing.map((target) => `${file}: ${target} does not exist`),
    ...unknown.map((name) => `${file}: there is no npm script ${name}`),
  ]
}

/** A record is cited by its number, which its name and its title carry: two of a number would be one too many. */
const decisionProblems = () => {
  const owners = new Map()
  return fs.readdirSync(path.join(root, 'docs/adr')).flatMap((file) => {
    const number = Number(/^\d{4}(?=-)/.exec(file)?.[0])
    const title = Number(/^# (\d+)\. /.exec(fs.readFileSync(path.join(root, 'docs/adr', file), 'utf8'))?.[1])
    const owner = owners.get(number)
    owners.set(number, file)
    return [
      ...(title === number ? [] : [`docs/adr/${file}: its title does not begin with "# ${number}. "`]),
      ...(owner === undefined ? [] : [`docs/adr/${file}: ${owner} has the number ${number}`]),
    ]
  })
}

const problems = [...documents().flatMap(problemsOf), ...decisionProblems()]
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(`${documents().length} documents name only what exists`)
