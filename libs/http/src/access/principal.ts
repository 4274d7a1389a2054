import type { KeyScope } from '@reeltag/contracts'

/** Who is calling, and what they may do. */
export interface Access {
  readonly workspaceId: string
  /** As changes name it: `key:<id>` or `user:<id>`. */
  readonly actor: string
  readonly scopes: ReadonlySet<KeyScope>
}
