import { Button, Modal } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { get, post } from '../api/http.js'
import type { Policy, PolicyAudits, PolicyPage as Policies } from '../api/platform-types.js'
import { useNodeNames } from '../api/queries.js'
import { percent, useTime } from '../components/format.js'
import { NodePath } from '../components/node-path.js'
import { PageHead } from '../components/page-head.js'
import { ErrorState, LoadingState } from '../components/states.js'
import { Table } from '../components/table.js'
import { useIsAtLeast } from '../session/session.js'
import { PolicyState } from './policies-page.js'
import './policies.css'

type Replay = NonNullable<Policy['replay']>

const Change = ({ label, before, after }: { label: string; before: string; after: string }): ReactNode => (
  <div className="card">
    <div className="small muted">{label}</div>
    <div className="figure-value num">
      {before} <span className="arrow">→</span> {after}
    </div>
  </div>
)

const Forecast = ({ replay }: { replay: Replay }): ReactNode => {
  const { t } = useTranslation()
  const namesOf = useNodeNames()
  const { coverage, reviewMinutes, judged, flips, contents } = replay
  return (
    <>
      <div className="forecast">
        <Change
          label={t('policies.publishedShare')}
          before={percent(coverage.before)}
          after={percent(coverage.after)}
        />
        <Change
          label={t('policies.minutes')}
          before={String(Math.round(reviewMinutes.before))}
          after={String(Math.round(reviewMinutes.after))}
        />
        <div className="card">
          <div className="small muted">{t('policies.judgedWrong')}</div>
          <div className="figure-value num">
            {judged.wrong} / {judged.published}
          </div>
        </div>
        <div className="card">
          <div className="small muted">{t('policies.contents')}</div>
          <div className="figure-value num">{contents}</div>
        </div>
      </div>
      {flips.length > 0 && (
        <Table
          head={
            <>
              <th>{t('policies.from')}</th>
              <th>{t('policies.to')}</th>
              <th className="right">{t('policies.contents')}</th>
            </>
          }
        >
          {flips.slice(0, 20).map(({ facet, before, after, contents: count }) => (
            <tr key={`${facet}:${before}:${after}`}>
              <td>
                {before === null ? (
                  <span className="muted">{t('policies.nothing')}</span>
                ) : (
                  <NodePath names={namesOf(facet, before)} />
                )}
              </td>
              <td>
                {after === null ? (
                  <span className="muted">{t('policies.nothing')}</span>
                ) : (
                  <NodePath names={namesOf(facet, after)} />
                )}
              </td>
              <td className="right num">{count}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}

const Audits = ({ id }: { id: string }): ReactNode => {
  const { t } = useTranslation()
  const query = useQuery({
    queryKey: ['policies', id, 'audits'],
    queryFn: () => get<PolicyAudits>(`/v1/policies/${id}/audits`),
  })
  const groups = query.data?.groups.filter(({ chosen }) => chosen > 0) ?? []
  if (query.isError) return <ErrorState error={query.error} compact />
  if (groups.length === 0) return <p className="muted">{t('policies.auditsNone')}</p>
  return (
    <Table
      head={
        <>
          <th>{t('policies.group')}</th>
          <th className="right">{t('policies.answered')}</th>
          <th className="right">{t('policies.precision')}</th>
          <th>{t('policies.watch')}</th>
        </>
      }
    >
      {groups.map(({ facet, mask, under, chosen, answered, precision, interval, watch }) => (
        <tr key={`${facet}:${mask}:${under}`}>
          <td>
            {facet}
            {under === null ? '' : ` › ${under}`} <span className="muted small">{mask}</span>
          </td>
          <td className="right num">
            {answered} / {chosen}
          </td>
          <td className="right num">
            {precision === null
              ? '–'
              : `${percent(precision, 1)} (${percent(interval.lower)}–${percent(interval.upper)})`}
          </td>
          <td>
            <span className={watch.state === 'kept' ? 'pill accent' : 'pill bad'}>{t(`policies.${watch.state}`)}</span>
          </td>
        </tr>
      ))}
    </Table>
  )
}

/** Replay, bring into force, take out of force; the last two ask first. */
const Controls = ({ policy }: { policy: Policy }): ReactNode => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [asking, setAsking] = useState<'activate' | 'retire'>()
  const { data: all } = useQuery({
    queryKey: ['policies'],
    queryFn: () => get<Policies>('/v1/policies', { limit: 50 }),
  })
  const inForce = all?.items.find(({ state }) => state === 'active')?.ref ?? null
  const act = useMutation({
    mutationFn: (what: 'replay' | 'activate' | 'retire') =>
      post(`/v1/policies/${policy.id}/${what}`, what === 'activate' ? { replaces: inForce } : undefined),
    onSettled: () => {
      setAsking(undefined)
      return client.invalidateQueries({ queryKey: ['policies'] })
    },
  })
  const isActive = policy.state === 'active'
  return (
    <>
      {!isActive && (
        <Button
          variant="default"
          loading={act.isPending && act.variables === 'replay'}
          onClick={() => act.mutate('replay')}
        >
          {t('policies.replay')}
        </Button>
      )}
      {!isActive && policy.state !== 'draft' && (
        <Button onClick={() => setAsking('activate')}>{t('policies.activate')}</Button>
      )}
      {isActive && (
        <Button variant="default" onClick={() => setAsking('retire')}>
          {t('policies.retire')}
        </Button>
      )}
      {act.isError && <ErrorState error={act.error} compact />}
      <Modal
        opened={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={asking === undefined ? '' : t(`policies.${asking}`)}
        centered
        closeButtonProps={{ 'aria-label': t('states.close') }}
      >
        <div className="stack">
          <p>
            {asking === 'retire' ? t('policies.confirmRetire') : t('policies.confirmActivate', { ref: policy.ref })}
          </p>
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button variant="default" onClick={() => setAsking(undefined)}>
              {t('policies.cancel')}
            </Button>
            <Button loading={act.isPending} onClick={() => asking !== undefined && act.mutate(asking)}>
              {asking === undefined ? '' : t(`policies.${asking}`)}
            </Button>
          </div>
        </div>
      </Modal>
    </>
  )
}

const PolicyPage = (): ReactNode => {
  const { t, i18n } = useTranslation()
  const { id = '' } = useParams()
  const time = useTime()
  const mayChange = useIsAtLeast('admin')
  const query = useQuery({ queryKey: ['policies', id], queryFn: () => get<Policy>(`/v1/policies/${id}`) })
  if (query.isPending)
    return (
      <div className="page">
        <LoadingState />
      </div>
    )
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  const policy = query.data
  const { targets } = policy.document as { targets?: { facet: string; under?: string; error: number }[] }
  const plot = (name: string): string => `/v1/policies/${id}/plots/${name}.svg?lang=${i18n.language}`
  return (
    <div className="page">
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          component={Link}
          to="/policies"
          leftSection={<IconArrowLeft size={16} />}
        >
          {t('policies.back')}
        </Button>
      </div>
      <PageHead
        title={policy.ref}
        lead={
          <span className="row">
            <PolicyState state={policy.state} />
            <span>{time(policy.createdAt)}</span>
            <span className="mono">{policy.pack}</span>
          </span>
        }
      >
        {mayChange && <Controls policy={policy} />}
      </PageHead>
      <section className="stack tight">
        <h2 className="h2">{t('policies.targets')}</h2>
        <ul className="row">
          {(targets ?? []).map(({ facet, under, error }) => (
            <li key={`${facet}:${under}`} className="pill accent">
              {t('policies.promise', {
                facet: under === undefined ? facet : `${facet} › ${under}`,
                share: percent(error, 1),
              })}
            </li>
          ))}
        </ul>
      </section>
      <section className="stack">
        <h2 className="h2">{t('policies.forecast')}</h2>
        {policy.replay == null ? (
          <p className="muted">{t('policies.notReplayed')}</p>
        ) : (
          <Forecast replay={policy.replay} />
        )}
      </section>
      <section className="stack">
        <h2 className="h2">{t('policies.audits')}</h2>
        <Audits id={id} />
      </section>
      <section className="stack">
        <h2 className="h2">{t('policies.plots')}</h2>
        <div className="grid-2">
          <figure className="card plot">
            <img src={plot('risk-coverage')} alt={t('policies.riskCoverage')} />
          </figure>
          <figure className="card plot">
            <img src={plot('thresholds')} alt={t('policies.thresholds')} />
          </figure>
        </div>
      </section>
    </div>
  )
}

export default PolicyPage
