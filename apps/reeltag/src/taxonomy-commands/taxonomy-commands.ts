import type { Config } from '@reeltag/platform'

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
