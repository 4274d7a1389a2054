import type { EChartsCoreOption } from 'echarts/core'

/** Pixels: what a plot is drawn for. A viewer may scale it. */
export const plotWidth = 800
export const plotHeight = 500

/** The colours of the project's pictures. */
export const colours = {
  strong: '#15803d',
  warning: '#b45309',
  weak: '#9ca3af',
  grid: '#e5e7eb',
  axis: '#6b7280',
  text: '#374151',
  title: '#111827',
  background: '#ffffff',
} as const

/** Fonts with Chinese characters on the usual systems; whoever shows the picture has one of them. */
const fontFamily = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', sans-serif"

/** Pixels that title, legend and axes need. */
const margins = { left: 72, right: 40, top: 104, bottom: 60 } as const

/** What every plot has in common: a title with a line below it, no animation, room around it. */
export const frame = (title: string, subtitle: string) => ({
  animation: false,
  backgroundColor: colours.background,
  textStyle: { fontFamily, color: colours.text },
  title: {
    text: title,
    subtext: subtitle,
    left: 16,
    top: 12,
    textStyle: { fontFamily, color: colours.title, fontSize: 18, width: plotWidth - 32, overflow: 'truncate' as const },
    subtextStyle: {
      fontFamily,
      color: colours.axis,
      fontSize: 12,
      width: plotWidth - 32,
      overflow: 'truncate' as const,
    },
  },
  legend: {
    top: 64,
    left: 16,
    icon: 'roundRect',
    itemWidth: 20,
    itemHeight: 4,
    // Texts are a little wider than they are measured without a screen.
    itemGap: 28,
    textStyle: { fontFamily, color: colours.text },
  },
  grid: { ...margins, outerBoundsMode: 'none' as const },
})

/** An axis of shares that are told in per cent. @param name what it says, with its unit */
export const percentAxis = (name: string, max = 100) => ({
  type: 'value' as const,
  name,
  nameLocation: 'middle' as const,
  nameGap: 32,
  nameTextStyle: { fontFamily, color: colours.text },
  min: 0,
  max,
  axisLabel: { color: colours.axis, fontFamily },
  axisLine: { show: true, lineStyle: { color: colours.weak } },
  splitLine: { lineStyle: { color: colours.grid } },
})

export const percent = (share: number): number => Number((share * 100).toFixed(3))

/**
 * Draws without a document object model.
 * @param option of echarts, without functions that draw by themselves
 * @param height pixels, where a plot has more rows than fit
 */
export const drawSvg = async (option: EChartsCoreOption, height: number = plotHeight): Promise<string> => {
  // Loaded by the first plot: the library is large, and most processes never draw.
  const { init } = await charts()
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: plotWidth, height })
  try {
    chart.setOption(option)
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}

const charts = async () => {
  // One behind the other: a test runner that loads modules itself cannot take those that share parts at once.
  const core = await import('echarts/core')
  const { LineChart, ScatterChart } = await import('echarts/charts')
  const components = await import('echarts/components')
  const { SVGRenderer } = await import('echarts/renderers')
  const { GridComponent, TitleComponent, LegendComponent, MarkLineComponent } = components
  core.use([LineChart, ScatterChart, GridComponent, TitleComponent, LegendComponent, MarkLineComponent, SVGRenderer])
  return core
}
