export interface Interval {
  readonly lower: number
  readonly upper: number
}

/** What `GET /v1/review/quality` answers. */
export interface Quality {
  readonly reviewers: readonly {
    readonly who: string
    readonly verdicts: number
    readonly perHour: number | null
    readonly medianSeconds: number | null
    readonly overrideRate: number | null
    readonly gold?: { readonly answered: number; readonly right: number; readonly interval: Interval | null } | null
  }[]
  readonly agreement?: readonly {
    readonly a: string
    readonly b: string
    readonly items: number
    readonly agreed: number
    readonly kappa: number | null
  }[]
  readonly confused?: readonly {
    readonly facet: string
    readonly suggested: string
    readonly chosen: string
    readonly count: number
  }[]
}
