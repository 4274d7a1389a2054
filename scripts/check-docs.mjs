// Every link, anchor, path and npm script that the docs name must exist; decisions have one form; some phrases are refused.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const { scripts } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
const rooms = new Set(fs.readdirSync(root).filter((name) => fs.statSync(path.join(root, name)).isDirectory()))

/** Those that git knows or would take: a new page is checked before it is committed. */
const documents = () =>
  String(
    execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md', 'NOTICE', 'docs'], {
      cwd: root,
    }),
  )
    .split('\n')
    .filter((file) => /\.(md|yaml)$|NOTICE$/.test(file) && fs.existsSync(path.join(root, file)))

/** @returns the anchors of a page: those of its headings, as GitHub makes them, and those written as HTML */
export const anchorsOf = (text) => {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '')
  const seen = new Map()
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) => {
    const slug = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-')
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    return before === 0 ? slug : `${slug}-${before}`
  })
  return new Set([...headings, ...[...prose.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id)])
}

/** @returns a line for each relative link of a page whose file or heading does not exist */
export const linkProblems = (file, text) =>
  [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(([, target, anchor]) => {
    const page = target === '' ? file : path.join(path.dirname(file), target)
    if (!fs.existsSync(path.join(root, page))) return [`${file}: ${page} does not exist`]
    if (anchor === undefined || !page.endsWith('.md')) return []
    const anchors = anchorsOf(fs.readFileSync(path.join(root, page), 'utf8'))
    return anchors.has(anchor) ? [] : [`${file}: ${page} has no heading #${anchor}`]
  })

const problemsOf = (file) => {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  const paths = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)]
    .map(([, target]) => target)
    .filter((target) => rooms.has(target.split('/')[0]))
  const missing = paths.filter((target) => !fs.existsSync(path.join(root, target)))
  const unknown = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name).filter((name) => !(name in scripts))
  return [
    ...linkProblems(file, text),
    ...missing.map((target) => `${file}: ${target} does not exist`),
    ...unknown.map((name) => `${file}: there is no npm script ${name}`),
  ]
}

/** The commands of a page, without the remarks behind them, which a translation translates. */
const bareBlocks = (text) =>
  [...text.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)].map(
    ([, name, block]) => `${name}\n${block.replaceAll(/ +# .*$/gm, '')}`,
  )

const headingLevels = (text) =>
  [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^(#+) /gm)].map(([, marks]) => marks.length)

/** @returns in what a translation differs from its original: in its headings, or in what it tells people to type */
export const translationFaults = (original, translation) => [
  ...(headingLevels(original).join() === headingLevels(translation).join() ? [] : ['other headings']),
  ...(bareBlocks(original).join('\n') === bareBlocks(translation).join('\n') ? [] : ['other commands']),
]

const translationProblems = () => {
  const [original, translation] = ['README.md', 'README.zh.md'].map((file) =>
    fs.readFileSync(path.join(root, file), 'utf8'),
  )
  return translationFaults(original, translation).map((fault) => `README.zh.md has ${fault} than README.md`)
}

const decisionSections = ['Context', 'Decision', 'Alternatives', 'Consequences']
const decisionWordsMax = 300

/** @returns what keeps a decision record from being read in two minutes, and found by its sections */
export const decisionFaults = (text) => {
  const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)
  const words = text.split(/\s+/).filter((word) => word !== '').length
  return [
    ...(sections.join() === decisionSections.join() ? [] : [`its sections are not ${decisionSections.join(', ')}`]),
    ...(words <= decisionWordsMax ? [] : [`it has ${words} words, and ${decisionWordsMax} are allowed`]),
  ]
}

/** A record is cited by its number, which its name and its title carry: two of a number would be one too many. */
const decisionProblems = () => {
  const owners = new Map()
  return fs.readdirSync(path.join(root, 'docs/adr')).flatMap((file) => {
    const text = fs.readFileSync(path.join(root, 'docs/adr', file), 'utf8')
    const number = Number(/^\d{4}(?=-)/.exec(file)?.[0])
    const title = Number(/^# (\d+)\. /.exec(text)?.[1])
    const owner = owners.get(number)
    owners.set(number, file)
    return [
      ...(title === number ? [] : [`docs/adr/${file}: its title does not begin with "# ${number}. "`]),
      ...(owner === undefined ? [] : [`docs/adr/${file}: ${owner} has the number ${number}`]),
      ...decisionFaults(text).map((fault) => `docs/adr/${file}: ${fault}`),
    ]
  })
}

/**
 * Phrases that readers stumble over, and what to write. A pack's card is "its card" or "the model card".
 * @type {readonly (readonly [RegExp, string])[]}
 */
const refusedPhrases = [
  [/\b(a|an NVIDIA|on no|processor or) card\b|\bfor cards\b/i, 'GPU'],
  [/\b(answers and )?says no\b/i, 'rejects'],
  [/^#+ What holds\b|\| what holds \|/im, 'Guarantees'],
  [/\bends it at once\b/i, 'startup fails at once'],
  [/\bthe way of (a|one|the) (video|content)\b/i, 'the life of a video'],
  [/\boff is off\b|\boff to the bit\b/i, 'disabled options leave results bit-identical'],
]

/** @returns one line for each refused phrase; line breaks inside a phrase do not hide it */
export const phraseFaults = (text) =>
  refusedPhrases.flatMap(([phrase, instead]) => {
    const found = phrase.exec(text.replace(/(?<=\S)\n(?=[a-z])/g, ' '))
    return found === null ? [] : [`"${found[0]}": write "${instead}"`]
  })

const phraseProblems = (file) =>
  phraseFaults(fs.readFileSync(path.join(root, file), 'utf8')).map((fault) => `${file}: ${fault}`)

if (process.argv[1] === import.meta.filename) {
  const prose = documents().filter((file) => file.endsWith('.md'))
  const problems = [
    ...documents().flatMap(problemsOf),
    ...decisionProblems(),
    ...translationProblems(),
    ...prose.flatMap(phraseProblems),
  ]
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`${documents().length} documents name only what exists`)
}
