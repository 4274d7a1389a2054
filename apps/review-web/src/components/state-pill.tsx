import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const looks: Readonly<Record<string, string>> = { published: 'pill accent', in_review: 'pill warn', failed: 'pill bad' }

export const StatePill = ({ state }: { state: string }): ReactNode => {
  const { t } = useTranslation()
  return <span className={looks[state] ?? 'pill'}>{t(`states.${state}`, { defaultValue: state })}</span>
}
