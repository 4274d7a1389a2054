// The tables that benchmarks answer with, and how they are written: on the terminal and in docs/performance.md alike.
import { spreadOf } from './rounds.mjs'

/**
 * @typedef {object} Table
 * @property {string} id kebab-case, unique within its benchmark
 * @property {string} title
 * @property {{ name: string, unit: string }[]} columns
 * @property {{ name: string, cells: (import('./rounds.mjs').Spread | null)[] }[]} rows null where nothing was measured
 */

/**
 * @param {string} id
 * @param {string} title
 * @param {readonly (readonly string[])[]} columns name and unit of each
 * @param {readonly (readonly any[])[]} rows a name and cells; a cell is the figure of each round, or undefined
 * @returns {Table}
 */
export const tableOf = (id, title, columns, rows) => ({
  id,
  title,
  columns: columns.map(([name, unit]) => ({ name, unit })),
  rows: rows.map(([name, ...cells]) => ({
    name,
    cells: cells.map((cell) => {
      const values = [cell ?? []].flat()
      return values.length === 0 ? null : spreadOf(values)
    }),
  })),
})

/** @param {Table} table @returns what is no figure */
export const faultsOf = ({ id, columns, rows }) => [
  ...(rows.length === 0 ? [`${id} has no row`] : []),
  ...rows.flatMap(({ name, cells }) => [
    ...(cells.length === columns.length ? [] : [`${id}, ${name}: ${cells.length} cells, ${columns.length} columns`]),
    ...(cells.some((cell) => cell !== null) ? [] : [`${id}, ${name}: nothing was measured`]),
    ...cells.flatMap((cell, index) =>
      (cell?.rounds ?? []).every(Number.isFinite) ? [] : [`${id}, ${name}, ${columns[index]?.name}: not a number`],
    ),
  ]),
]

/** @param {number} value */
const written = (value) => {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** The median, and from where to where the rounds went. @param {import('./rounds.mjs').Spread | null} cell */
const cellText = (cell) => {
  if (cell === null) return '–'
  const { rounds, min, median, max } = cell
  return rounds.length === 1 ? written(median) : `${written(median)} (${written(min)}–${written(max)})`
}

/** @param {Pick<Table, 'columns' | 'rows'>} table */
export const markdownOf = ({ columns, rows }) =>
  [
    `| | ${columns.map(({ name, unit }) => [name, unit].filter((part) => part !== '').join(', ')).join(' | ')} |`,
    `|${'---|'.repeat(columns.length + 1)}`,
    ...rows.map(({ name, cells }) => `| ${[name, ...cells.map(cellText)].join(' | ')} |`),
  ].join('\n')
