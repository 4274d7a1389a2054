import { ReeltagError } from '@reeltag/contracts'
import { pathOf, type LabelMapping, type MappedMass } from '@reeltag/taxonomy'
import { z } from 'zod'

type Values = Readonly<Record<string, unknown>>

interface Applied {
  readonly written: readonly Values[]
  readonly mass: MappedMass['mass']
}

const Probabilities = z.record(z.string(), z.number())
const Labels = z.array(z.string()).min(1)

/**
 * Maps one row. It holds `label`, `labels`, `probabilities` by class, or, as a CSV file does, a column for each class.
 * Other columns are kept.
 * @param flat one row for each node and for each unmapped class, as CSV needs it; else one row with objects
 * @throws MAPPING_INVALID
 */
export const applyToRow = (mapping: LabelMapping, row: Values, flat: boolean): Applied => {
  const { given, rest } = read(mapping, row)
  const mapped = mapping.apply(given)
  const { nodes, unmapped, mass } = mapped
  if (!flat) return { written: [{ ...rest, nodes: Object.fromEntries(nodes), unmapped, mass }], mass }
  const written = [
    ...[...nodes].map(([node, value]) => {
      const path = pathOf(mapping.facet.node(node))
      return { ...rest, node, path, mass: value, unmapped: '', because: '' }
    }),
    ...unmapped.map(({ from, mass: value, because }) => ({
      ...rest,
      node: '',
      path: '',
      mass: value,
      unmapped: from,
      because,
    })),
  ]
  return { written, mass }
}

const read = (mapping: LabelMapping, row: Values): { given: Record<string, number>; rest: Values } => {
  const { label, labels, probabilities, ...rest } = row
  if (probabilities !== undefined) return { given: parse(Probabilities, 'probabilities', probabilities), rest }
  if (labels !== undefined) return { given: counted(parse(Labels, 'labels', labels)), rest }
  if (label !== undefined) return { given: counted([parse(z.string(), 'label', label)]), rest }
  const known = new Set(mapping.classes)
  const columns = Object.entries(row)
  const classes = columns.filter(([name]) => known.has(name))
  if (classes.length === 0)
    throw new ReeltagError('MAPPING_INVALID', 'the row has no label, labels, probabilities, nor a column of a class')
  const others = columns.filter(([name]) => !known.has(name))
  return {
    given: Object.fromEntries(classes.map(([name, cell]) => [name, numberOf(name, cell)])),
    rest: Object.fromEntries(others),
  }
}

/** Each label is one whole. */
const counted = (labels: readonly string[]): Record<string, number> =>
  Object.fromEntries(labels.map((name) => [name, 1]))

const numberOf = (name: string, cell: unknown): number => {
  const value = typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : cell
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new ReeltagError('MAPPING_INVALID', `"${name}" has "${String(cell)}", no number`)
}

const parse = <T>(schema: z.ZodType<T>, column: string, value: unknown): T => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ReeltagError('MAPPING_INVALID', `${column}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`)
}
