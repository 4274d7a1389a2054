import { WantedRouting, type RoutingRules } from '@reeltag/contracts'
import { resolveUserPath } from '@reeltag/platform'
import { readYaml } from '@reeltag/taxonomy'
import fs from 'node:fs'
import { numberOf, wrongArgument } from '../arguments/arguments.js'

export const routingUsage = `               [--rule sensitive|sensitive=<facet>:<node>|new-author=<contents>|novelty=<share>|disagreement=<share>|damaged-frames=<share>] …
               [--cost <number>|<facet>:<node>=<number>] … [--routing <file>] [--candidate-error 0.1] [--coherence max-up|min-down]`

interface Given {
  readonly rule?: readonly string[] | undefined
  readonly cost?: readonly string[] | undefined
  /** A YAML file with `rules` and `costs`, as the body of the request has them. */
  readonly routing?: string | undefined
}

type Rules = Record<string, unknown> & { sensitive?: { tree?: boolean; nodes?: string[] } | undefined }

/** What the options say of routing, not checked yet; options go before the file. */
export const routingOf = ({ rule = [], cost = [], routing }: Given): unknown => {
  if (rule.length === 0 && cost.length === 0 && routing === undefined) return undefined
  const file: WantedRouting = routing === undefined ? {} : readFile(routing)
  const rules: Rules = { ...file.rules }
  for (const text of rule) addRule(rules, text)
  const costs = costsOf(cost, file.costs)
  return {
    ...file,
    ...(Object.keys(rules).length === 0 ? {} : { rules }),
    ...(costs === undefined ? {} : { costs }),
  }
}

const readFile = (file: string): WantedRouting => {
  const path = resolveUserPath(file)
  return readYaml('ARGUMENT_INVALID', path, readText(path), WantedRouting, () => [])
}

const readText = (path: string): string => {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch (error) {
    throw wrongArgument('--routing', `${path} cannot be read`, error)
  }
}

const limits = {
  'new-author': (value: number) => ({ newAuthor: { contentsMin: value } }),
  novelty: (max: number) => ({ novelty: { max } }),
  disagreement: (max: number) => ({ disagreement: { max } }),
  'damaged-frames': (max: number) => ({ damagedFrames: { max } }),
} satisfies Record<string, (value: number) => Partial<RoutingRules>>

const addRule = (rules: Rules, text: string): void => {
  const [, name = '', value] = /^([^=]+)(?:=(.+))?$/.exec(text) ?? []
  if (name === 'sensitive') {
    const { tree, nodes = [] } = rules.sensitive ?? {}
    rules.sensitive = value === undefined ? { tree: true, nodes } : { ...(tree && { tree }), nodes: [...nodes, value] }
    return
  }
  const toRule = Object.hasOwn(limits, name) ? limits[name as keyof typeof limits] : undefined
  if (toRule === undefined || value === undefined) throw wrongArgument('--rule', `does not take ${text}`)
  Object.assign(rules, toRule(numberOf(`--rule ${name}`, value)))
}

interface Costs {
  default?: unknown
  nodes?: Record<string, unknown>
}

const costsOf = (given: readonly string[], file: Costs | undefined): Costs | undefined => {
  if (given.length === 0) return file
  const costs: Costs = { ...file, nodes: { ...file?.nodes } }
  for (const text of given) {
    const [, node, value] = /^(?:([^=]+)=)?([\d.]+)$/.exec(text) ?? []
    if (value === undefined) throw wrongArgument('--cost', `takes a number or facet:node=number, not ${text}`)
    if (node === undefined) costs.default = numberOf('--cost', value)
    else costs.nodes = { ...costs.nodes, [node]: numberOf('--cost', value) }
  }
  return costs
}
