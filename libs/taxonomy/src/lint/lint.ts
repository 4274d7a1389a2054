import { faultsOfTree } from '../source/read-source.js'
import { inspectYaml, write } from '../source/read-yaml.js'
import { TaxonomySource } from '../source/schema.js'
import { hitsOf, ruleOf, type LintRule, type RuleHit } from './rules.js'

export interface Finding {
  readonly severity: 'error' | 'warning'
  readonly rule: LintRule
  /** From 1. */
  readonly line: number
  /** Keys and indexes from the top of the file: `facets[0].nodes[3].id`. */
  readonly place: string
  readonly message: string
  readonly remedy: string
}

const remedies: Record<LintRule, readonly [severity: Finding['severity'], remedy: string]> = {
  schema: ['error', 'correct the value'],
  cycle: ['error', 'write the node out, with an id of its own'],
  'duplicate-id': ['error', 'give the node another id; an id is used once in a facet'],
  'empty-branch': ['error', 'list the nodes, or remove `children` to make this a leaf'],
  'missing-translation': ['error', 'add the name in this language'],
  'same-name': ['error', 'rename one of the nodes, or make them one'],
  'synonym-clash': ['warning', 'leave the synonym to one of the nodes'],
  untranslated: ['warning', 'translate the name'],
  'single-child': ['warning', 'remove one of the two, or add the other children'],
  'too-deep': ['error', 'make the branch flatter'],
  'name-too-long': ['warning', 'shorten the name, and keep the long one as a synonym'],
}

/**
 * Everything that is wrong with the YAML of a taxonomy, in the order of its lines. A file with an error cannot be used
 * or cannot be understood; one with warnings alone can. While the file does not have the form of a taxonomy, only its
 * form is looked at.
 */
export const lintTaxonomy = (text: string): Finding[] => {
  const { value, faults, lineOf, describe } = inspectYaml(text, TaxonomySource)
  const ofTree = value === undefined ? [] : faultsOfTree(value)
  const isFlatEnough = ofTree.every(({ rule }) => rule !== 'too-deep')
  const ofForm = [...faults, ...ofTree].map((fault) => ({
    ...fault,
    rule: ruleOf(fault),
    line: lineIn(describe(fault)),
  }))
  const ofSense =
    value === undefined || !isFlatEnough ? [] : hitsOf(value).map((one) => ({ ...one, line: lineOf(one.place) }))
  return [...ofForm, ...ofSense].map(toFinding).sort((one, other) => one.line - other.line)
}

/** Faults of broken YAML have a line and no place. */
const lineIn = (described: string): number => Number(/^line (\d+)/.exec(described)?.[1] ?? 1)

const toFinding = ({ rule, line, place, message }: RuleHit & { line: number }): Finding => {
  const [severity, remedy] = remedies[rule]
  return { severity, rule, line, place: write(place), message, remedy }
}
