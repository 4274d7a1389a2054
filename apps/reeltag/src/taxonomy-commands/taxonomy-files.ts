import { readUtf8, resolveUserPath, type Config } from '@reeltag/platform'
import { Taxonomy } from '@reeltag/taxonomy'
import fs from 'node:fs'
import path from 'node:path'
import { wrongArgument } from '../arguments/arguments.js'

const reference = /^[a-z0-9-]+\/\d+$/

/** @param given what a user calls a taxonomy: a file, or `name/version` of TAXONOMIES_DIR */
export const taxonomyFile = ({ models }: Config, given: string): string => {
  const file = resolveUserPath(given)
  return reference.test(given) && !fs.existsSync(file) ? path.join(models.taxonomiesDir, `${given}.yaml`) : file
}

/** @throws FILE_UNREADABLE where there is no such file, TAXONOMY_INVALID */
export const openTaxonomy = (config: Config, given: string): Taxonomy => {
  const file = taxonomyFile(config, given)
  return Taxonomy.parse(readUtf8(file), file)
}

/** Never writes over a file: people edit what these commands make. */
export const writeNew = (file: string, text: string): void => {
  try {
    fs.writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const remedy = exists
      ? 'exists: name a new file, or remove it first'
      : 'cannot be written: name a folder that exists'
    throw wrongArgument(file, remedy, error)
  }
}
