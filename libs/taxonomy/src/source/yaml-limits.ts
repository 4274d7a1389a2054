import { Parser, type CST } from 'yaml'

/** Maps and lists within each other. A node of a tree takes two, so the limit on levels is met before this one. */
const nestingMax = 256
/** Characters. A tree of 1,070 nodes has 100,000. */
const lengthMax = 16 * 1_024 * 1_024

export interface Limited {
  readonly offset: number
  readonly message: string
}

/**
 * Why a text is not read as YAML at all, if it is not. The composer of the library calls itself for every map within a
 * map, and would overflow the stack; its parser, which is used here, does not.
 */
export const beyondLimits = (text: string): Limited | undefined => {
  if (text.length > lengthMax)
    return { offset: 0, message: `the file has ${text.length} characters, more than ${lengthMax}: split it` }
  let level: CST.Token[] = [...new Parser().parse(text)]
  for (let depth = 0; level.length > 0; depth++) {
    const [first] = level
    if (depth > nestingMax && first !== undefined)
      return {
        offset: first.offset,
        message: `maps and lists lie within each other ${nestingMax} times at most: make this flatter`,
      }
    level = level.flatMap(within)
  }
  return undefined
}

const within = (token: CST.Token): CST.Token[] => {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value]
  if (token.type !== 'block-map' && token.type !== 'block-seq' && token.type !== 'flow-collection') return []
  return token.items.flatMap(({ key, value }) => [key, value].filter((inner) => inner !== undefined && inner !== null))
}
