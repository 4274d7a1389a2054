import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../../api/http.js'
import type { Tag } from '../../api/review-types.js'
import { percent, useTime } from '../../components/format.js'
import { NodePath } from '../../components/node-path.js'

interface Revision {
  readonly revision: number
  readonly decision: string
  readonly createdAt: string
  readonly tags: readonly Tag[]
  readonly versions?: Readonly<Record<string, unknown>>
  readonly origin?: { readonly kind: string; readonly by: string | null; readonly reason: string | null }
}

/** Every result that a content has had, newest first: by whom, why and with what. */
export const History = ({ id, revision }: { id: string; revision: number }): ReactNode => {
  const { t } = useTranslation()
  const time = useTime()
  const { data } = useQuery({
    queryKey: ['content', id, 'history', revision],
    queryFn: () => get<{ items: Revision[] }>(`/v1/contents/${id}/history`),
    retry: false,
  })
  const revisions = data?.items
  if (revisions === undefined) return null
  return (
    <section className="card stack">
      <h2 className="h2">{t('results.history')}</h2>
      {revisions.length < 2 && <p className="muted">{t('results.historyNone')}</p>}
      <ol className="history">
        {revisions.map((each) => (
          <li key={each.revision}>
            <div className="row spread">
              <b>{t('results.revision', { revision: each.revision })}</b>
              <span className="small muted">{time(each.createdAt)}</span>
            </div>
            <div className="small muted">
              {t(`results.by.${each.origin?.kind ?? 'model'}`, { defaultValue: t('results.by.model') })}
              {each.origin?.reason == null
                ? ''
                : ` · ${t(`reasons.${each.origin.reason}`, { defaultValue: each.origin.reason })}`}
              {typeof each.versions?.['pack'] === 'string' ? ` · ${each.versions['pack']}` : ''}
            </div>
            <ul>
              {each.tags
                .filter(({ status }) => status === 'published')
                .map((tag) => (
                  <li key={`${tag.facet}:${tag.path}`} className="row spread">
                    <NodePath names={tag.names} />
                    <span className="num small">{percent(tag.confidence)}</span>
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  )
}
