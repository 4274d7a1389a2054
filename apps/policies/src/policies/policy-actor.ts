/** Who changes a policy or a calibration, and of which workspace. */
export interface PolicyActor {
  readonly workspaceId: string
  readonly actor: string
}
