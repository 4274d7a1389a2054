import type { PolicyCurves } from '@reeltag/contracts'
import { colours, drawSvg, frame, percent, percentAxis } from './draw-svg.js'
import { plotWords, type PlotLanguage } from './plot-words.js'

type FacetCurves = PolicyCurves[string][string]

export interface RiskCoveragePlot {
  readonly ref: string
  /** Name of the facet in the language of the plot. */
  readonly facet: string
  readonly mask: string
  readonly curves: FacetCurves
  /** Errors that are promised, each once. */
  readonly promised: readonly number[]
  readonly language: PlotLanguage
}

const oraclePoints = 40
/** Among the first few contents one error is a large share, which says nothing. */
const coverageMin = 0.01

/** How error grows with what is published, and what the best order of the same contents would give. */
export const riskCoveragePlot = (plot: RiskCoveragePlot): Promise<string> => {
  const { ref, facet, mask, curves, promised, language } = plot
  const words = plotWords[language]
  const points = (curve: FacetCurves['after']) =>
    curve
      .filter(({ coverage }) => coverage >= coverageMin)
      .map(({ coverage, risk }) => [percent(coverage), percent(risk)])
  const line = (name: string, data: number[][], colour: string, type: 'solid' | 'dashed' = 'solid') => ({
    name,
    type: 'line' as const,
    data,
    symbol: data.length === 1 ? 'circle' : 'none',
    lineStyle: { color: colour, width: 2, type },
    itemStyle: { color: colour },
  })
  const [before, after, oracle] = [points(curves.before), points(curves.after), oracleOf(curves)]
  const most = Math.max(...[...before, ...after, ...oracle].map(([, risk]) => risk ?? 0), ...promised.map(percent))
  const after_ = line(words.after, after, colours.strong)
  return drawSvg({
    ...frame(`${words.riskCoverage} · ${facet} · ${mask}`, `${ref} · n = ${curves.items}`),
    xAxis: percentAxis(words.coverage),
    yAxis: { ...percentAxis(words.error, ceilingOf(most)), nameGap: 36 },
    series: [
      line(words.before, before, colours.warning),
      {
        ...after_,
        markLine: {
          symbol: 'none',
          silent: true,
          lineStyle: { color: colours.title, type: 'dotted' as const, width: 1.5 },
          label: {
            position: 'insideStartTop' as const,
            color: colours.title,
            formatter: `${words.promised} {c} %`,
          },
          data: spread(promised.map(percent), ceilingOf(most)).map((yAxis) => ({ yAxis })),
        },
      },
      line(words.oracle, oracle, colours.weak, 'dashed'),
    ],
  })
}

/** What is right first, then what is wrong. */
const oracleOf = ({ items, right }: FacetCurves): number[][] => {
  const share = right / Math.max(1, items)
  return Array.from({ length: oraclePoints + 1 }, (_, i) => share + ((1 - share) * i) / oraclePoints).flatMap(
    (coverage, i) => [
      ...(i === 0 && share > 0 ? [[0, 0]] : []),
      [percent(coverage), coverage === 0 ? 100 : percent((coverage - share) / coverage)],
    ],
  )
}

/** A round number above all that is drawn. @param most per cent */
const ceilingOf = (most: number): number => [5, 10, 20, 30, 40, 50, 60, 80].find((round) => most * 1.05 <= round) ?? 100

const labelled = 6

/** Of many promises those that can be told apart, from the smallest on. */
const spread = (promised: readonly number[], ceiling: number): number[] => {
  const kept: number[] = []
  for (const error of [...new Set(promised)].sort((a, b) => a - b)) {
    const last = kept.at(-1)
    if (kept.length < labelled && (last === undefined || error - last >= ceiling / 15)) kept.push(error)
  }
  return kept
}
