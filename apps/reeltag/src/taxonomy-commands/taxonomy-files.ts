import { ReeltagError } from '@reeltag/contracts'
import { resolveUserPath, type Config } from '@reeltag/platform'
import { Taxonomy } from '@reeltag/taxonomy'
import fs from 'node:fs'
import path from 'node:path'
import { taxonomyUsage } from './taxonomy-usage.js'

const reference = /^[a-z0-9-]+\/\d+$/

/** @param given what a user calls a taxonomy: a file, or `name/version` of TAXONOMIES_DIR */
export const taxonomyFile = ({ models }: Config, given: string): string => {
  const file = resolveUserPath(given)
  return reference.test(given) && !fs.existsSync(file) ? path.join(models.taxonomiesDir, `${given}.yaml`) : file
}

/** @throws CONFIG_INVALID where there is no such file, TAXONOMY_INVALID */
export const openTaxonomy = (config: Config, given: string): Taxonomy => {
  const file = taxonomyFile(config, given)
  return Taxonomy.parse(readText(file), file)
}

/** @throws CONFIG_INVALID where there is no such file */
export const readText = (file: string): string => {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw new ReeltagError('CONFIG_INVALID', `${file} cannot be read: name a file that exists`, { cause: error })
  }
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
    throw new ReeltagError('CONFIG_INVALID', `${file} ${remedy}`, { cause: error })
  }
}

/** @throws CONFIG_INVALID, with the usage, for any other number of arguments than these names */
export const namedArguments = <N extends string>(given: readonly string[], names: readonly N[]): Record<N, string> => {
  if (given.length !== names.length)
    throw new ReeltagError('CONFIG_INVALID', `name ${names.join(', ')}\n${taxonomyUsage}`)
  return Object.fromEntries(names.map((name, index) => [name, given[index] ?? ''])) as Record<N, string>
}

/** @throws CONFIG_INVALID, with the usage, where an option is missing */
export const required = (option: string, value: string | undefined): string => {
  if (value !== undefined) return value
  throw new ReeltagError('CONFIG_INVALID', `--${option} is missing\n${taxonomyUsage}`)
}
