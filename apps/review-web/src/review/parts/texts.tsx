import { UnstyledButton } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Evidence, ReviewTask } from '../../api/review-types.js'
import { pieces } from '../highlight.js'

const shownMax = 420

const fieldNames: Readonly<Record<string, string>> = { ocrText: 'ocr', asrText: 'asr' }

const Marked = ({
  text,
  field,
  evidence,
}: {
  text: string
  field: string
  evidence: Evidence | undefined
}): ReactNode => {
  const words = evidence?.words ?? []
  const strongest = Math.max(0, ...words.map(({ weight }) => weight))
  const own = words.filter((word) => (fieldNames[word.field] ?? word.field) === field)
  return pieces(text, own, strongest).map((piece, index) =>
    piece.weight === 0 ? <span key={index}>{piece.text}</span> : <mark key={index}>{piece.text}</mark>,
  )
}

const Field = ({
  label,
  text,
  field,
  evidence,
}: {
  label: string
  text: string | null | undefined
  field: string
  evidence: Evidence | undefined
}): ReactNode => {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  if (text == null || text === '') return null
  const isLong = text.length > shownMax
  const shown = isLong && !all ? `${text.slice(0, shownMax)}…` : text
  return (
    <div className="text-field">
      <dt className="eyebrow">{label}</dt>
      <dd dir="auto" className={field === 'title' ? 'title breakable' : 'breakable pre'}>
        <Marked text={shown} field={field} evidence={evidence} />{' '}
        {isLong && (
          <UnstyledButton className="more" onClick={() => setAll(!all)} aria-expanded={all}>
            {all ? t('review.less') : t('review.moreText', { count: text.length })}
          </UnstyledButton>
        )}
      </dd>
    </div>
  )
}

/** What was submitted with the video; the words that carried the decision are marked. */
export const Texts = ({ item, evidence }: { item: ReviewTask; evidence: Evidence | undefined }): ReactNode => {
  const { t } = useTranslation()
  const { text } = item
  const author = text?.author
  return (
    <dl className="texts">
      <Field label={t('review.title')} text={text?.title ?? item.title} field="title" evidence={evidence} />
      <Field label={t('review.description')} text={text?.description} field="description" evidence={evidence} />
      <Field label={t('review.ocr')} text={text?.ocr} field="ocr" evidence={evidence} />
      <Field label={t('review.asr')} text={text?.asr} field="asr" evidence={evidence} />
      {author != null && (
        <Field label={t('review.author')} text={author.name ?? author.id} field="author" evidence={undefined} />
      )}
    </dl>
  )
}
