import { embedText, ReeltagError } from '@reeltag/contracts'
import { PackServer } from '@reeltag/inference'
import type { Config } from '@reeltag/platform'
import { nGramSimilarity, textsToCompare, vectorSimilarity, type Facet, type Similarity } from '@reeltag/taxonomy'
import { wrongArgument } from '../arguments/arguments.js'

export interface Ranking {
  readonly similarity: Similarity
  /** What ranked, in words. */
  readonly by: string
}

interface Asked {
  readonly classes: readonly string[]
  readonly facet: Facet
  readonly pack?: string | undefined
  readonly similarity?: string | undefined
}

/** Far fewer than an encoder lets wait, and enough to fill its batches. */
const textsAtOnce = 256

const byNGrams = (): Ranking => ({ similarity: nGramSimilarity(), by: 'character n-grams' })

/**
 * The text encoder of a pack, or character n-grams where it cannot be opened and the user has not asked for it.
 * @throws what the pack was refused for, if the user asked for its encoder
 */
export const rankBy = async (
  config: Config,
  { classes, facet, pack = config.models.pack, similarity }: Asked,
  print: (line: string) => void,
): Promise<Ranking> => {
  if (similarity !== undefined && similarity !== 'encoder' && similarity !== 'ngrams')
    throw wrongArgument('--similarity', 'takes encoder or ngrams')
  if (similarity === 'ngrams') return byNGrams()
  try {
    return await byEncoder(config, pack, textsToCompare(classes, facet))
  } catch (error) {
    if (similarity === 'encoder' || !(error instanceof ReeltagError)) throw error
    print(
      `the text encoder of ${pack} cannot be used (${error.code}: ${error.message}): character n-grams rank instead`,
    )
    return byNGrams()
  }
}

const byEncoder = async ({ models }: Config, pack: string, texts: readonly string[]): Promise<Ranking> => {
  const packs = new PackServer(models, models)
  try {
    const encoder = await packs.encoder(pack, embedText.stream.name, 'text-encoder')
    if (encoder === undefined) throw new ReeltagError('PACK_INVALID', `${pack} has no text encoder`)
    const vectors = new Map<string, Float64Array>()
    for (let start = 0; start < texts.length; start += textsAtOnce) {
      const batch = texts.slice(start, start + textsAtOnce)
      const made = await Promise.all(batch.map(async (text) => meanOf(await encoder.embed(text))))
      for (const [index, text] of batch.entries()) vectors.set(text, made[index] ?? new Float64Array())
    }
    return { similarity: vectorSimilarity(vectors), by: `the text encoder ${encoder.ref} of ${pack}` }
  } finally {
    await packs.close()
  }
}

/** One vector of a text: the mean of those of its tokens. */
const meanOf = ({
  rows,
  dimensions,
  vectors,
}: {
  rows: number
  dimensions: number
  vectors: Float32Array
}): Float64Array =>
  Float64Array.from({ length: dimensions }, (_, column) => {
    let total = 0
    for (let row = 0; row < rows; row += 1) total += vectors[row * dimensions + column] ?? 0
    return total / rows
  })
