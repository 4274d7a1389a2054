import { findWorkspace } from '@reeltag/pipeline'
import type { OpenedPolicies } from '@reeltag/policies'
import type { Config } from '@reeltag/platform'
import { actorOf, wrongArgument } from '../arguments/arguments.js'
import { withDatabase } from '../commands/with-database.js'

/** Policies of one workspace, and who works on them. */
export interface Opened {
  readonly policies: OpenedPolicies
  readonly workspaceId: string
  readonly actor: string
}

/** @throws NOT_FOUND where there is no such workspace; ARGUMENT_INVALID */
export const opened = async <T>(
  config: Config,
  values: { readonly workspace: string; readonly as?: string | undefined },
  run: (it: Opened) => Promise<T>,
): Promise<T> => {
  const actor = actorOf(values.as)
  // Plots and statistics are loaded by those commands only that need them.
  const { openPolicies } = await import('@reeltag/policies')
  return withDatabase(config, async (db) => {
    const { id: workspaceId } = await findWorkspace(db, values.workspace)
    return run({ policies: openPolicies(db, config.models), workspaceId, actor })
  })
}

/** The language of a plot. @throws ARGUMENT_INVALID */
export const languageOf = (text: string): 'zh' | 'en' => {
  if (text !== 'zh' && text !== 'en') throw wrongArgument('--lang', `takes en or zh, not ${text}`)
  return text
}
