import { Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { taxonomyQuery } from '../../api/queries.js'
import type { ReviewTask } from '../../api/review-types.js'
import { percent, useNames } from '../../components/format.js'

/** What is promised, and what the item was decided with. */
export const PolicyDrawer = ({
  item,
  opened,
  onClose,
}: {
  item: ReviewTask
  opened: boolean
  onClose: () => void
}): ReactNode => {
  const { t } = useTranslation()
  const nameOf = useNames()
  const { data } = useQuery(taxonomyQuery)
  const facetName = (id: string): string => {
    const facet = data?.facets.find((each) => each.id === id)
    return facet === undefined ? id : nameOf(facet.names)
  }
  const versions = Object.entries(item.versions ?? {}).filter(([, value]) => typeof value === 'string')
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="md"
      title={t('review.policy')}
      closeButtonProps={{ 'aria-label': t('states.close') }}
    >
      <div className="stack">
        {item.policy == null ? (
          <p>{t('review.noPolicy')}</p>
        ) : (
          <div className="stack tight">
            <h3 className="h2">{item.policy.ref}</h3>
            <ul className="stack tight">
              {(item.policy.targets ?? []).map(({ facet, under, error }) => (
                <li key={`${facet}:${under ?? ''}`}>
                  {t('review.promise', {
                    where: under === undefined ? facetName(facet) : `${facetName(facet)} › ${under}`,
                    share: percent(error, 1),
                  })}
                </li>
              ))}
            </ul>
          </div>
        )}
        <div className="stack tight">
          <h3 className="h2">{t('review.versions')}</h3>
          <dl className="versions">
            {versions.map(([name, value]) => (
              <div key={name}>
                <dt className="muted">{t(`versions.${name}`, { defaultValue: name })}</dt>
                <dd className="mono breakable">{String(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
    </Drawer>
  )
}
