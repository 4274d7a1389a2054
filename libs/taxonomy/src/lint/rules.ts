import type { Fault, Place } from '../source/read-yaml.js'
import type { FacetSource, NodeSource, TaxonomySource } from '../source/schema.js'
import { normalise } from '../source/normalise.js'

export type LintRule =
  | 'cycle'
  | 'duplicate-id'
  | 'empty-branch'
  | 'missing-translation'
  | 'name-too-long'
  | 'same-name'
  | 'schema'
  | 'single-child'
  | 'synonym-clash'
  | 'too-deep'
  | 'untranslated'

export interface RuleHit {
  readonly rule: LintRule
  readonly place: Place
  readonly message: string
}

const languages = ['zh', 'en'] as const
/** Characters that fit in a tag of the dashboard. */
const nameLengthMax = { zh: 20, en: 60 } as const
const han = /\p{Script=Han}/u

/** What is wrong with a tree although it has the form of one. */
export const hitsOf = ({ facets }: TaxonomySource): RuleHit[] =>
  facets.flatMap((facet, index) => [...names(facet, ['facets', index]), ...level(facet, ['facets', index, 'nodes'])])

/** The nodes that have one parent, and then those below each of them. */
const level = ({ nodes }: Pick<FacetSource, 'nodes'>, place: Place): RuleHit[] => [
  ...sameNames(nodes, place),
  ...synonymClashes(nodes, place),
  ...nodes.flatMap((node, index) => [...names(node, [...place, index]), ...below(node, [...place, index])]),
]

const below = ({ id, children = [] }: NodeSource, place: Place): RuleHit[] => [
  ...(children.length === 1
    ? [hit('single-child', [...place, 'children'], `${id} has one child, ${children[0]?.id}: they say the same`)]
    : []),
  ...level({ nodes: children }, [...place, 'children']),
]

const names = ({ id, names: given }: Pick<NodeSource, 'id' | 'names'>, place: Place): RuleHit[] => [
  ...languages
    .filter((language) => [...given[language]].length > nameLengthMax[language])
    .map((language) =>
      hit(
        'name-too-long',
        [...place, 'names', language],
        `the name of ${id} has ${[...given[language]].length} characters, more than ${nameLengthMax[language]}`,
      ),
    ),
  ...untranslated(id, given, place),
]

const untranslated = (id: string, { zh, en }: NodeSource['names'], place: Place): RuleHit[] => {
  if (han.test(en)) return [hit('untranslated', [...place, 'names', 'en'], `the English name of ${id} is Chinese`)]
  const isCopy = zh === en && !han.test(zh)
  return isCopy ? [hit('untranslated', [...place, 'names', 'zh'], `the Chinese name of ${id} is its English one`)] : []
}

const sameNames = (nodes: readonly NodeSource[], place: Place): RuleHit[] => {
  const taken = new Map<string, string>()
  return nodes.flatMap(({ id, names: given }, index) => {
    const clash = languages.find((language) => taken.has(keyOf(language, given[language])))
    const first = clash === undefined ? undefined : taken.get(keyOf(clash, given[clash]))
    for (const language of languages) if (first === undefined) taken.set(keyOf(language, given[language]), id)
    if (clash === undefined || first === undefined) return []
    return [
      hit('same-name', [...place, index, 'names', clash], `"${given[clash]}" is also the name of ${first} beside it`),
    ]
  })
}

/** A synonym that another child of the same parent has, as a synonym or as its name. */
const synonymClashes = (nodes: readonly NodeSource[], place: Place): RuleHit[] => {
  const owners = new Map<string, Set<string>>()
  for (const { id, names: given, synonyms } of nodes)
    for (const language of languages)
      for (const word of [given[language], ...(synonyms?.[language] ?? [])]) {
        const key = keyOf(language, word)
        owners.set(key, (owners.get(key) ?? new Set()).add(id))
      }
  return nodes.flatMap(({ id, synonyms }, index) =>
    languages.flatMap((language) =>
      (synonyms?.[language] ?? []).flatMap((word, position) => {
        const others = [...(owners.get(keyOf(language, word)) ?? [])].filter((owner) => owner !== id)
        const where = [...place, index, 'synonyms', language, position]
        return others.length === 0
          ? []
          : [hit('synonym-clash', where, `"${word}" of ${id} also means ${others.join(', ')}`)]
      }),
    ),
  )
}

const keyOf = (language: string, word: string): string => `${language} ${normalise(word)}`

const hit = (rule: LintRule, place: Place, message: string): RuleHit => ({ rule, place, message })

const rulesOfFaults: Partial<Record<NonNullable<Fault['rule']>, LintRule>> = {
  alias: 'cycle',
  cycle: 'cycle',
  'duplicate-id': 'duplicate-id',
  'too-deep': 'too-deep',
}

/** The rule that a fault of form breaks. */
export const ruleOf = ({ rule, place }: Fault): LintRule => {
  if (rule === 'empty' && place.at(-1) === 'children') return 'empty-branch'
  if (rule === 'missing' && (place.at(-1) === 'names' || place.at(-2) === 'names')) return 'missing-translation'
  return (rule === undefined ? undefined : rulesOfFaults[rule]) ?? 'schema'
}
