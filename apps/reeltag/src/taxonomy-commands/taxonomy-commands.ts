import type { Config } from '@reeltag/platform'

export const taxonomyUsage = `  taxonomy lint    <taxonomy>                 a taxonomy is a YAML file, or name/version of TAXONOMIES_DIR
  taxonomy diff    <taxonomy> <taxonomy> [--json] [--draft <migration.yaml>]
  taxonomy migrate <migration.yaml> --from <taxonomy> --to <taxonomy> [<rows> <new file>]
  taxonomy convert <paths.txt> <new.yaml> --name <name> [--facet category] [--kind single|multi] [--separator /]
  taxonomy map     propose <classes.txt> <new.yaml> --taxonomy <taxonomy> --facet <facet> --name <name> [--top 3]
                   [--pack <name/version>] [--similarity encoder|ngrams]
  taxonomy map     check <mapping.yaml> --taxonomy <taxonomy>
  taxonomy map     apply <mapping.yaml> <rows> <new file> --taxonomy <taxonomy>   rows: .ndjson or .csv`

type Run = (config: Config, args: string[], print: (line: string) => void) => Promise<void>

/** Whatever these commands need is loaded when one of them runs. */
const tree =
  (name: 'convertPaths' | 'diffFiles' | 'lintFile'): Run =>
  async (...given) =>
    (await import('./tree-commands.js'))[name](...given)

export const taxonomyCommands: Record<string, Run> = {
  'taxonomy lint': tree('lintFile'),
  'taxonomy diff': tree('diffFiles'),
  'taxonomy convert': tree('convertPaths'),
  'taxonomy migrate': async (...given) => (await import('./migrate-rows.js')).migrateRows(...given),
  'taxonomy map': async (...given) => (await import('./map-commands.js')).mapLabels(...given),
}
