/** Whose pack is changed, and by whom. */
export interface PackChange {
  /** Name of the workspace. */
  readonly workspace: string
  /** Kept with the change. */
  readonly actor: string
}
