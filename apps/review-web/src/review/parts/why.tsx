import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReviewTask } from '../../api/review-types.js'
import { percent } from '../../components/format.js'

const rounded = (value: unknown): string =>
  typeof value === 'number'
    ? String(Math.round(value * 1000) / 1000)
    : Array.isArray(value)
      ? value.map(rounded).join(', ')
      : String(value)

/** Why a person is asked. */
export const Why = ({ item }: { item: ReviewTask }): ReactNode => {
  const { t } = useTranslation()
  const best = Math.max(0, ...item.tags.map(({ confidence }) => confidence))
  const rules = item.rules ?? item.because?.rules ?? []
  return (
    <div className="why">
      <p>
        {item.reason === 'ancestor-only'
          ? t('review.whyAncestor', { share: percent(best) })
          : t('review.whyUncertain', { share: percent(best) })}
      </p>
      {rules.length > 0 && (
        <ul className="row tight">
          {rules.map((hit) => (
            <li key={hit.rule} className="pill warn">
              {t(`rules.${hit.rule}`, { defaultValue: hit.rule })}
              {Object.entries(hit)
                .filter(([name, value]) => name !== 'rule' && value != null && typeof value !== 'object')
                .slice(0, 1)
                .map(([, value]) => ` ${rounded(value)}`)}
            </li>
          ))}
        </ul>
      )}
      {item.candidateCoverage != null && (
        <p className="small muted">{t('review.coverage', { share: percent(item.candidateCoverage) })}</p>
      )}
    </div>
  )
}
