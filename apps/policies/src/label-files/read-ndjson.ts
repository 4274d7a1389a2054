import { utf8Of } from '@reeltag/platform'
import { columnFault, labelColumns } from './columns.js'
import type { FileRow } from './file-row.js'

const lineCharsMax = 1_000_000

/**
 * Rows of a file with one JSON object a line. Only a line feed ends a line: JSON text may hold other separators.
 * @throws LABELS_UNREADABLE where it is not UTF-8
 */
export async function* readNdjson(file: string, onBytes: (count: number) => void): AsyncGenerator<FileRow> {
  let line = 0
  for await (const text of linesOf(utf8Of(file, { code: 'LABELS_UNREADABLE', onBytes }))) {
    line++
    if (text.trim() !== '') yield toRow(text, line)
  }
}

async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    // Cut, so that a file without line feeds does not fill the memory. It is refused for its length.
    if (rest.length > 2 * lineCharsMax) rest = rest.slice(0, lineCharsMax + 1)
  }
  yield rest
}

const nothing: ReadonlyMap<string, unknown> = new Map()

const toRow = (text: string, line: number): FileRow => {
  if (text.length > lineCharsMax) return { line, cells: nothing, fault: `longer than ${lineCharsMax} characters` }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { line, cells: nothing, fault: 'not JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { line, cells: nothing, fault: 'not a JSON object' }
  const cells = new Map<string, unknown>(Object.entries(value))
  // A line may leave out what is empty, so only names that it has can be wrong.
  const fault = columnFault([...new Set([...labelColumns, ...cells.keys()])])
  return fault === undefined ? { line, cells } : { line, cells, fault }
}
