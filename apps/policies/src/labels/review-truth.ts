import type { PackFolders } from '@reeltag/packs'
import type { Database, Transaction } from '@reeltag/platform'
import type { CheckedLabel } from './labels.repository.js'
import { openLabels } from './open-labels.js'

type Saying = Pick<CheckedLabel, 'contentId' | 'who' | 'at'>

const source = 'review'

/** What reviewers say, as labels. Whoever reviews a content chose neither it nor its probability, so that is unknown. */
export const openReviewTruth = (db: Database, folders: PackFolders) => {
  const labels = openLabels(db, folders)
  return {
    /** @param said paths are of the tree; a facet without any has no node that fits */
    say: (
      tx: Transaction,
      workspaceId: string,
      said: Saying & {
        readonly taxonomy: string
        readonly facets: readonly { readonly facet: string; readonly paths: readonly string[] }[]
      },
    ): Promise<void> => {
      const { contentId, who, at, taxonomy } = said
      const common = { contentId, who, at, taxonomy, source, propensity: null } as const
      return labels.say(
        tx,
        workspaceId,
        said.facets.flatMap(({ facet, paths }) =>
          (paths.length === 0 ? [''] : paths).map((path) => ({ ...common, facet, path })),
        ),
      )
    },
    withdraw: (tx: Transaction, workspaceId: string, { contentId, who, at }: Saying): Promise<void> =>
      labels.withdraw(tx, workspaceId, { contentId, who, at, source }),
  }
}
