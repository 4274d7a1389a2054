import type { CalibrationDocument } from '@reeltag/contracts'
import { colours, drawSvg, frame, percent, percentAxis } from './draw-svg.js'
import { plotWords, type PlotLanguage } from './plot-words.js'

type MaskReport = CalibrationDocument['report'][string][string]

export interface ReliabilityPlot {
  readonly ref: string
  /** Name of the facet in the language of the plot. */
  readonly facet: string
  readonly mask: string
  readonly report: MaskReport
  readonly language: PlotLanguage
}

/** Confidence beside truth, before and after: the nearer to the diagonal, the more honest. A dot is as large as it has contents. */
export const reliabilityPlot = ({ ref, facet, mask, report, language }: ReliabilityPlot): Promise<string> => {
  const words = plotWords[language]
  const { before, after, rows } = report
  const ece = (share: number): string => `ECE ${percent(share).toFixed(1)} %`
  const countMax = Math.max(
    ...[before, after].flatMap(({ topReliability }) => topReliability.map(({ count }) => count)),
    1,
  )
  const line = (name: string, bins: MaskReport['before']['topReliability'], colour: string) => ({
    name,
    type: 'line' as const,
    data: bins.map(({ confidence, frequency, count }) => ({
      value: [percent(confidence), percent(frequency)],
      symbolSize: 5 + 13 * Math.sqrt(count / countMax),
    })),
    symbol: 'circle',
    lineStyle: { color: colour, width: 2 },
    itemStyle: { color: colour, opacity: 0.85 },
  })
  return drawSvg({
    ...frame(`${words.reliability} · ${facet} · ${mask}`, `${ref} · n = ${rows} · ${words.dots}`),
    xAxis: percentAxis(words.confidence),
    yAxis: { ...percentAxis(words.right), nameGap: 36 },
    series: [
      {
        name: words.perfect,
        type: 'line' as const,
        data: [
          [0, 0],
          [100, 100],
        ],
        symbol: 'none',
        lineStyle: { color: colours.weak, type: 'dashed' as const, width: 1.5 },
        itemStyle: { color: colours.weak },
      },
      line(`${words.before} (${ece(before.topEce)})`, before.topReliability, colours.warning),
      line(`${words.after} (${ece(after.topEce)})`, after.topReliability, colours.strong),
    ],
  })
}
