// The picture of the README, as SVG: what came in on the left, what Reeltag made of it on the right.
const width = 1600
const rowHeight = 296
const margin = 36
const strip = { x: 64, width: 404, height: 180 }
const answerX = 580
const bar = { x: 1290, width: 230 }

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const text = (x, y, size, fill, words, more = '') =>
  `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" ${more}>${escaped(words)}</text>`

const path = (names, language) => names.map((name) => name[language]).join(' › ')

const confidence = (y, value, fill) =>
  [
    `<rect x="${bar.x}" y="${y - 12}" width="${bar.width}" height="12" rx="6" fill="#e5e7eb"/>`,
    `<rect x="${bar.x}" y="${y - 12}" width="${Math.max(12, bar.width * value)}" height="12" rx="6" fill="${fill}"/>`,
    text(bar.x, y - 24, 26, '#374151', `${(value * 100).toFixed(1)} %`),
  ].join('')

const badge = (y, words, badgeWidth, fill) =>
  `<rect x="${answerX}" y="${y - 30}" width="${badgeWidth}" height="42" rx="21" fill="${fill}"/>` +
  text(answerX + 22, y, 26, '#ffffff', words, 'font-weight="bold"')

const published = (y, tag) =>
  [
    badge(y + 66, 'published · 已发布', 284, '#15803d'),
    text(answerX, y + 138, 40, '#111827', path(tag.names, 'zh'), 'font-weight="bold"'),
    text(answerX, y + 184, 28, '#6b7280', path(tag.names, 'en')),
    confidence(y + 134, tag.confidence, '#15803d'),
  ].join('')

const inReview = (y, tags) =>
  [
    badge(y + 66, 'sent to review · 待人工审核', 396, '#b45309'),
    ...tags
      .slice(0, 3)
      .flatMap(({ names, confidence: value }, index) => [
        text(answerX, y + 130 + index * 46, 28, '#374151', `? ${names.at(-1).zh} ${names.at(-1).en}`),
        text(answerX + 320, y + 130 + index * 46, 24, '#6b7280', path(names.slice(0, -1), 'en')),
        text(bar.x, y + 130 + index * 46, 26, '#374151', `${(value * 100).toFixed(1)} %`),
      ]),
  ].join('')

/** @param {{ title: string, titleEn: string, filmstrip: string, result: { decision: string, tags: any[] } }} content filmstrip as a URL */
const row = ({ title, titleEn, filmstrip, result }, index) => {
  const y = margin + index * rowHeight
  const subject = result.tags.filter(({ facet }) => facet === 'subject')
  return [
    `<rect x="${margin}" y="${y}" width="${width - 2 * margin}" height="${rowHeight - 20}" rx="16" fill="#ffffff" stroke="#d1d5db"/>`,
    `<image x="${strip.x}" y="${y + 18}" width="${strip.width}" height="${strip.height}" href="${filmstrip}"/>`,
    text(strip.x, y + 232, 28, '#111827', title),
    text(strip.x, y + 262, 22, '#6b7280', titleEn),
    text(strip.x + strip.width + 38, y + 128, 48, '#9ca3af', '→'),
    result.decision === 'review' ? inReview(y, subject) : published(y, subject[0]),
  ].join('')
}

export const draw = (contents) => {
  const height = 2 * margin + contents.length * rowHeight - 20
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Noto Sans CJK SC">
<rect width="100%" height="100%" fill="#f3f4f6"/>
${contents.map(row).join('\n')}
</svg>`
}
