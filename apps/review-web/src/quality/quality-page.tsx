import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../api/http.js'
import { PageHead } from '../components/page-head.js'
import { EmptyState, ErrorState, LoadingState } from '../components/states.js'
import type { Quality } from './quality.js'
import { Agreement, Confused, Reviewers } from './quality-tables.js'

const spans = ['1', '7', '30', '90']

const QualityPage = (): ReactNode => {
  const { t } = useTranslation()
  const [days, setDays] = useState('7')
  const query = useQuery({
    queryKey: ['quality', days],
    queryFn: () => get<Quality>('/v1/review/quality', { days }),
  })
  return (
    <div className="page">
      <PageHead title={t('nav.quality')} lead={t('quality.lead')}>
        <SegmentedControl
          aria-label={t('quality.days')}
          value={days}
          onChange={setDays}
          data={spans.map((value) => ({ value, label: value === '1' ? '24 h' : `${value} d` }))}
        />
      </PageHead>
      {query.isPending ? (
        <LoadingState />
      ) : query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : query.data.reviewers.length === 0 ? (
        <EmptyState title={t('quality.empty')}>{t('quality.emptyWhy')}</EmptyState>
      ) : (
        <>
          <Reviewers quality={query.data} />
          <div className="grid-2">
            <Agreement quality={query.data} />
            <Confused quality={query.data} />
          </div>
        </>
      )}
    </div>
  )
}

export default QualityPage
