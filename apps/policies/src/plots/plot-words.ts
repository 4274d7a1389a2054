/** Languages of the words in a picture. */
export type PlotLanguage = 'zh' | 'en'

interface Words {
  readonly reliability: string
  readonly confidence: string
  readonly right: string
  readonly perfect: string
  readonly before: string
  readonly after: string
  readonly riskCoverage: string
  readonly coverage: string
  readonly error: string
  readonly oracle: string
  readonly promised: string
  readonly thresholds: string
  readonly threshold: string
  readonly group: string
  readonly bound: string
  readonly target: string
  readonly toReview: string
  readonly all: string
  readonly wrong: (k: number, n: number) => string
  readonly dots: string
  readonly nothing: string
  readonly more: (count: number) => string
}

export const plotWords: Readonly<Record<PlotLanguage, Words>> = {
  en: {
    reliability: 'Reliability',
    confidence: 'confidence of the likeliest leaf, %',
    right: 'right, %',
    perfect: 'as right as it says',
    before: 'before',
    after: 'after calibration',
    riskCoverage: 'Error by coverage',
    coverage: 'published, % of contents',
    error: 'wrong, % of what is published',
    oracle: 'oracle',
    promised: 'promised',
    thresholds: 'Thresholds',
    threshold: 'publishes from confidence, %',
    group: 'group',
    bound: 'bound of the error',
    target: 'promised',
    toReview: 'to review',
    all: 'all others',
    wrong: (k, n) => `${k} of n = ${n} wrong`,
    dots: 'larger dot: more contents',
    nothing: 'nothing is published by a promise',
    more: (count) => `and ${count} more groups`,
  },
  zh: {
    reliability: '可靠性曲线',
    confidence: '最可能叶节点的置信度，%',
    right: '正确率，%',
    perfect: '置信度等于正确率',
    before: '校准前',
    after: '校准后',
    riskCoverage: '误差与覆盖率',
    coverage: '自动发布占内容的比例，%',
    error: '已发布中的错误率，%',
    oracle: '最优排序',
    promised: '承诺上限',
    thresholds: '各分组阈值',
    threshold: '自动发布所需置信度，%',
    group: '分组',
    bound: '错误率上界',
    target: '承诺的错误率',
    toReview: '转人工审核',
    all: '其余全部',
    wrong: (k, n) => `n = ${n}，错 ${k}`,
    dots: '圆点越大，内容越多',
    nothing: '没有按承诺自动发布的分组',
    more: (count) => `另有 ${count} 个分组`,
  },
}
