import { ReeltagError } from '@reeltag/contracts'
import { pathOf, type Facet } from '../facet.js'
import { readYaml } from '../source/read-yaml.js'
import { writeYaml } from '../source/write-source.js'
import type { Taxonomy } from '../taxonomy.js'
import { checkMapping } from './check-mapping.js'
import { MappingSource } from './mapping-schema.js'

type Share = readonly [node: string, weight: number]

/** Probabilities by node, and where every part of them came from. */
export interface MappedMass {
  /** Probability that classes gave to each node itself, without what its descendants got. */
  readonly nodes: ReadonlyMap<string, number>
  /** Classes without a node, with the probability that they had. */
  readonly unmapped: readonly { readonly from: string; readonly mass: number; readonly because: string }[]
  /** `given` = `mapped` + `unmapped`, to 1e-12 for probabilities. */
  readonly mass: { readonly given: number; readonly mapped: number; readonly unmapped: number }
}

export interface MappedLabel {
  /** With weights that sum to 1; empty where the class is unmapped. */
  readonly nodes: readonly { readonly node: string; readonly path: string; readonly weight: number }[]
  readonly because?: string
}

/** Classes of another vocabulary → nodes of one facet. */
export class LabelMapping {
  private readonly shares = new Map<string, readonly Share[]>()
  private readonly reasons = new Map<string, string>()

  private constructor(
    private readonly source: MappingSource,
    readonly facet: Facet,
  ) {
    for (const { from, to } of source.classes) this.shares.set(from, sharesOf(to ?? {}))
    for (const { because, classes } of source.unmapped ?? [])
      for (const name of classes) this.reasons.set(name, because)
  }

  /** @throws MAPPING_INVALID with every fault: a class that is lost, a node outside the tree, weights that do not sum */
  static parse(text: string, origin: string, taxonomy: Taxonomy): LabelMapping {
    const source = readYaml('MAPPING_INVALID', origin, text, MappingSource, (read) => checkMapping(read, taxonomy))
    return new LabelMapping(source, taxonomy.facet(source.facet))
  }

  /** `name/version`. */
  get ref(): string {
    return `${this.source.name}/${this.source.version}`
  }

  /** In the order of the other model's output. */
  get classes(): readonly string[] {
    return this.source.source.classes
  }

  /** @throws MAPPING_INVALID for a class that the vocabulary does not have */
  label(name: string): MappedLabel {
    const because = this.reasons.get(name)
    if (because !== undefined) return { nodes: [], because }
    const shares = this.shares.get(name)
    if (shares === undefined) throw this.unknown([name])
    return { nodes: shares.map(([node, weight]) => ({ node, path: pathOf(this.facet.node(node)), weight })) }
  }

  /**
   * Carries probabilities over. A class that is absent counts as 0. For scores that do not exclude one another the sum
   * by node is no probability; take them one class at a time.
   * @param probabilities by class, each finite and at least 0
   * @throws MAPPING_INVALID for a class that the vocabulary does not have, or for a value that is no probability
   */
  apply(probabilities: Readonly<Record<string, number>>): MappedMass {
    const given = Object.entries(probabilities)
    const unknown = given.filter(([name]) => !this.shares.has(name) && !this.reasons.has(name)).map(([name]) => name)
    if (unknown.length > 0) throw this.unknown(unknown)
    const wrong = given.find(([, value]) => !(Number.isFinite(value) && value >= 0))
    if (wrong !== undefined) throw new ReeltagError('MAPPING_INVALID', `"${wrong[0]}" has ${wrong[1]}, no probability`)
    const nodes = new Map<string, number>()
    const unmapped: { from: string; mass: number; because: string }[] = []
    for (const [name, value] of given) {
      const because = this.reasons.get(name)
      if (because !== undefined && value > 0) unmapped.push({ from: name, mass: value, because })
      for (const [node, weight] of this.shares.get(name) ?? []) nodes.set(node, (nodes.get(node) ?? 0) + value * weight)
    }
    const mass = {
      given: sum(Object.values(probabilities)),
      mapped: sum([...nodes.values()]),
      unmapped: sum(unmapped.map((one) => one.mass)),
    }
    return { nodes, unmapped, mass }
  }

  private unknown(names: readonly string[]): ReeltagError {
    const named = names
      .slice(0, 5)
      .map((name) => `"${name}"`)
      .join(', ')
    return new ReeltagError(
      'MAPPING_INVALID',
      `${named} ${names.length > 1 ? 'are' : 'is'} not in ${this.source.source.name}, which ${this.ref} maps`,
    )
  }
}

/** @param head a comment at the top of the file */
export const writeMapping = (source: MappingSource, head?: string): string => writeYaml(source, head)

/** Weights in decimals may miss 1 by their rounding, and no mass may be lost by that. */
const sharesOf = (to: string | Readonly<Record<string, number>>): Share[] => {
  if (typeof to === 'string') return [[to, 1]]
  const total = sum(Object.values(to))
  return Object.entries(to).map(([node, weight]) => [node, weight / total])
}

/** Neumaier's compensated sum (ZAMM 54, 1974): thousands of classes keep their mass to the last digits. */
const sum = (values: readonly number[]): number => {
  let [total, lost] = [0, 0]
  for (const value of values) {
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return total + lost
}
