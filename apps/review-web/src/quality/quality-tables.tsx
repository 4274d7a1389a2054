import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNodeNames } from '../api/queries.js'
import { percent } from '../components/format.js'
import { NodePath } from '../components/node-path.js'
import { Table } from '../components/table.js'
import type { Quality } from './quality.js'

export const Reviewers = ({ quality }: { quality: Quality }): ReactNode => {
  const { t } = useTranslation()
  return (
    <section className="stack">
      <h2 className="h2">{t('quality.reviewers')}</h2>
      <Table
        head={
          <>
            <th>{t('quality.reviewer')}</th>
            <th className="right">{t('quality.verdicts')}</th>
            <th className="right">{t('quality.perHour')}</th>
            <th className="right">{t('quality.median')}</th>
            <th className="right">{t('quality.override')}</th>
            <th className="right">{t('quality.skipped')}</th>
            <th className="right">{t('quality.escalated')}</th>
          </>
        }
      >
        {quality.reviewers.map(({ who, verdicts, skipped, escalated, perHour, medianSeconds, overrideRate }) => (
          <tr key={who}>
            <td className="mono">{who}</td>
            <td className="right num">{verdicts}</td>
            <td className="right num">{perHour == null ? '–' : Math.round(perHour)}</td>
            <td className="right num">{medianSeconds == null ? '–' : `${medianSeconds.toFixed(1)} s`}</td>
            <td className="right num">{overrideRate == null ? '–' : percent(overrideRate)}</td>
            <td className="right num">{skipped}</td>
            <td className="right num">{escalated}</td>
          </tr>
        ))}
      </Table>
    </section>
  )
}

export const Agreement = ({ quality }: { quality: Quality }): ReactNode => {
  const { t } = useTranslation()
  const pairs = quality.agreement
  return (
    <section className="stack">
      <div className="row spread">
        <h2 className="h2">{t('quality.agreement')}</h2>
        {quality.kappa == null ? null : (
          <span className="pill accent num">
            {t('quality.kappa')} {quality.kappa.toFixed(2)}
          </span>
        )}
      </div>
      {pairs.length === 0 ? (
        <p className="card muted">{t('quality.noPairs')}</p>
      ) : (
        <Table
          head={
            <>
              <th colSpan={2}>{t('quality.reviewers')}</th>
              <th className="right">{t('quality.both')}</th>
              <th className="right">{t('quality.agreement')}</th>
            </>
          }
        >
          {pairs.map(({ one, other, items, agreed }) => (
            <tr key={`${one} ${other}`}>
              <td className="mono">{one}</td>
              <td className="mono">{other}</td>
              <td className="right num">{items}</td>
              <td className="right num">{items === 0 ? '–' : percent(agreed / items)}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  )
}

export const Confused = ({ quality }: { quality: Quality }): ReactNode => {
  const { t } = useTranslation()
  const namesOf = useNodeNames()
  const pairs = quality.confused
  return (
    <section className="stack">
      <h2 className="h2">{t('quality.confused')}</h2>
      {pairs.length === 0 ? (
        <p className="card muted">{t('quality.noConfused')}</p>
      ) : (
        <Table
          head={
            <>
              <th>{t('quality.suggested')}</th>
              <th>{t('quality.corrected')}</th>
              <th className="right">{t('quality.times')}</th>
            </>
          }
        >
          {pairs.map(({ facet, suggested, said, count }) => (
            <tr key={`${facet} ${suggested} ${said}`}>
              <td>
                <NodePath names={namesOf(facet, suggested).slice(-1)} />
              </td>
              <td>
                {said === null ? (
                  <span className="muted">{t('quality.nothing')}</span>
                ) : (
                  <NodePath names={namesOf(facet, said).slice(-1)} />
                )}
              </td>
              <td className="right num">{count}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  )
}
