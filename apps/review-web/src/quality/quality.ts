/** What `GET /v1/review/quality` answers. */
export interface Quality {
  readonly days: number
  readonly reviewers: readonly {
    readonly who: string
    readonly verdicts: number
    readonly skipped: number
    readonly escalated: number
    readonly undone: number
    readonly perHour: number | null
    readonly medianSeconds: number | null
    /** Share of the verdicts that say something else than the suggestion. */
    readonly overrideRate: number | null
  }[]
  readonly agreement: readonly {
    readonly one: string
    readonly other: string
    readonly items: number
    readonly agreed: number
  }[]
  readonly doubleReviewed: number
  readonly agreementRate: number | null
  readonly kappa: number | null
  readonly confused: readonly {
    readonly facet: string
    readonly suggested: string
    /** Null: nothing of the facet. */
    readonly said: string | null
    readonly count: number
  }[]
}
