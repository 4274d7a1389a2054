import type { Publish } from '@reeltag/contracts'
import { colours, drawSvg, frame, percent, percentAxis, plotHeight } from './draw-svg.js'
import { plotWords, type PlotLanguage } from './plot-words.js'

export interface ThresholdsPlot {
  readonly ref: string
  /** Name of the facet in the language of the plot. */
  readonly facet: string
  readonly mask: string
  readonly publish: Publish
  /** Name of a node in the language of the plot. */
  readonly nameOf: (node: string) => string
  /** Groups that are drawn at most; those with the most contents in their proof come first. */
  readonly rowsMax: number
  readonly language: PlotLanguage
}

interface Row {
  readonly name: string
  /** Per cent; undefined where nothing is published. */
  readonly at: number | undefined
  readonly n: number
  readonly told: string
}

/** So many rows fit into the usual height. */
const rowsThatFit = 16
const rowPixels = 20
const margins = { left: 190, right: 250 } as const

/** From which confidence each group publishes, beside what was promised and what was proven. */
export const thresholdsPlot = (plot: ThresholdsPlot): Promise<string> => {
  const { ref, facet, mask, publish, rowsMax, language } = plot
  const words = plotWords[language]
  const all = rowsOf(plot)
  const rows = all.slice(0, rowsMax)
  const more = all.length > rows.length ? ` · ${words.more(all.length - rows.length)}` : ''
  const delta = publish.kind === 'certified' ? ` · δ = ${Number(publish.delta.toPrecision(3))}` : ''
  const nothing = rows.some(({ at }) => at !== undefined) ? '' : ` · ${words.nothing}`
  const base = frame(`${words.thresholds} · ${facet} · ${mask}`, `${ref}${delta}${more}${nothing}`)
  return drawSvg(
    {
      ...base,
      legend: undefined,
      grid: { ...base.grid, ...margins, top: 92 },
      xAxis: percentAxis(words.threshold),
      yAxis: sidesOf(rows, { name: `${words.bound} ≤ ${words.target}`, fontFamily: base.textStyle.fontFamily }),
      series: [
        {
          type: 'scatter' as const,
          symbol: 'circle',
          symbolSize: 11,
          silent: true,
          itemStyle: { color: colours.strong },
          data: rows.flatMap(({ at }, i) => (at === undefined ? [] : [[at, i]])),
        },
      ],
    },
    Math.max(plotHeight, 152 + rowPixels * rows.length),
  )
}

/** Names of the groups on the left, and what was proven of them on the right. */
const sidesOf = (
  rows: readonly Row[],
  { name, fontFamily }: { readonly name: string; readonly fontFamily: string },
) => {
  const label = { fontFamily, fontSize: 12, interval: 0, formatter: nameOfKey }
  const side = {
    type: 'category' as const,
    inverse: true,
    axisTick: { show: false },
    axisLine: { show: true, lineStyle: { color: colours.weak } },
  }
  const left = { ...label, color: colours.text, width: margins.left - 24, overflow: 'truncate' as const }
  const told = rows.map((row, i) => ({
    value: `${i}:${row.told}`,
    textStyle: { color: row.at === undefined ? colours.warning : colours.text },
  }))
  return [
    { ...side, data: rows.map((row, i) => `${i}:${row.name}`), axisLabel: left },
    {
      ...side,
      position: 'right' as const,
      data: told,
      axisLabel: label,
      name,
      nameLocation: 'start' as const,
      nameTextStyle: { align: 'left' as const, color: colours.axis, fontFamily },
    },
  ]
}

/** Categories must differ, and names need not, so each carries its number. */
const nameOfKey = (key: string): string => key.slice(key.indexOf(':') + 1)

export const rowsDefault = rowsThatFit

const rowsOf = ({ publish, nameOf, language }: ThresholdsPlot): Row[] => {
  const words = plotWords[language]
  const named = (under: string | null): string => (under === null ? words.all : nameOf(under))
  const short = (share: number): string => `${Number((share * 100).toPrecision(2))} %`
  switch (publish.kind) {
    case 'certified':
      return [
        ...publish.groups
          .map(({ under, at, n, k, bound, error }) => ({
            name: named(under),
            at: percent(at),
            n,
            told: `${short(bound)} ≤ ${short(error)} · ${words.wrong(k, n)}`,
          }))
          .sort((a, b) => b.n - a.n),
        ...(publish.toReview ?? []).map(({ under }) => ({
          name: named(under),
          at: undefined,
          n: 0,
          told: words.toReview,
        })),
      ]
    case 'thresholds':
      return Object.entries(publish.at).map(([node, at]) => ({ name: nameOf(node), at: percent(at), n: 0, told: '' }))
    case 'threshold':
    case 'top-n':
      return [{ name: words.all, at: percent(publish.at), n: 0, told: '' }]
    case 'never':
      return [{ name: words.all, at: undefined, n: 0, told: words.toReview }]
    // A kind without one threshold, such as short-video, has no point to draw.
    default:
      return [{ name: words.all, at: undefined, n: 0, told: '' }]
  }
}
