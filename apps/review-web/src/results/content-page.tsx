import { Button } from '@mantine/core'
import { IconArrowLeft, IconRefresh } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { get, post } from '../api/http.js'
import type { Content } from '../api/platform-types.js'
import { evidenceQuery, mediaQuery } from '../api/queries.js'
import type { Tag } from '../api/review-types.js'
import { Bar } from '../components/bar.js'
import { clock, percent, useAgo } from '../components/format.js'
import { NodePath } from '../components/node-path.js'
import { PageHead } from '../components/page-head.js'
import { StatePill } from '../components/state-pill.js'
import { ErrorState, LoadingState } from '../components/states.js'
import { Filmstrip } from '../review/parts/filmstrip.js'
import { Player } from '../review/parts/player.js'
import '../review/review.css'
import { useIsAtLeast } from '../session/session.js'
import { History } from './parts/history.js'
import './results.css'
import { useState } from 'react'

const Tags = ({ tags }: { tags: readonly Tag[] }): ReactNode => (
  <ul className="stack tight">
    {tags.map((tag) => (
      <li key={`${tag.facet}:${tag.path}`} className="tag-line">
        <NodePath names={tag.names} />
        <span className="num">{percent(tag.confidence, 1)}</span>
        <Bar share={tag.confidence} quiet={tag.status !== 'published'} />
      </li>
    ))}
  </ul>
)

const Stages = ({ stages }: { stages: Content['stages'] }): ReactNode => {
  const { t } = useTranslation()
  return (
    <table className="table">
      <thead>
        <tr>
          <th>{t('results.stage')}</th>
          <th>{t('results.state')}</th>
          <th className="right">{t('results.waited')}</th>
          <th className="right">{t('results.ran')}</th>
        </tr>
      </thead>
      <tbody>
        {stages.map(({ stage, state, waitMs, runMs, errorCode }) => (
          <tr key={stage}>
            <td>{t(`results.stageNames.${stage}`, { defaultValue: stage })}</td>
            <td>
              <span className={state === 'done' ? 'pill accent' : state === 'failed' ? 'pill bad' : 'pill'}>
                {t(`results.stageState.${state}`, { defaultValue: state })}
              </span>
              {errorCode === null ? null : <span className="mono"> {errorCode}</span>}
            </td>
            <td className="right num">{waitMs === null ? '–' : `${Math.round(waitMs)} ms`}</td>
            <td className="right num">{runMs === null ? '–' : `${Math.round(runMs)} ms`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const Film = ({ id, hasVideo }: { id: string; hasVideo: boolean }): ReactNode => {
  const video = useRef<HTMLVideoElement>(null)
  const [timeMs, setTime] = useState(0)
  const { data: media } = useQuery({ ...mediaQuery(id), enabled: hasVideo })
  const { data: evidence } = useQuery({ ...evidenceQuery(id), enabled: hasVideo })
  if (!hasVideo) return null
  const strongest = Math.max(0, ...(evidence?.frames ?? []).map(({ weight }) => weight))
  const frames = (media?.frames ?? []).map((frame) => {
    const weight = evidence?.frames.find((each) => Math.abs(each.timeMs - frame.timeMs) < 2)?.weight
    return { ...frame, weight: weight === undefined || strongest <= 0 ? undefined : Math.max(0, weight / strongest) }
  })
  return (
    <div className="film stack tight">
      <Player contentId={id} media={media} video={video} muted autoplay={false} className="" onTime={setTime} />
      <Filmstrip
        frames={frames}
        currentMs={timeMs}
        className=""
        onSeek={(ms) => {
          if (video.current !== null) video.current.currentTime = ms / 1000
          setTime(ms)
        }}
      />
    </div>
  )
}

const Result = ({ content }: { content: Content }): ReactNode => {
  const { t } = useTranslation()
  const { result, error } = content
  const published = result?.tags.filter(({ status }) => status === 'published') ?? []
  const candidates = result?.tags.filter(({ status }) => status !== 'published') ?? []
  return (
    <section className="card stack">
      <div className="row spread">
        <h2 className="h2">{t('results.tags')}</h2>
        {result === null ? null : (
          <span className="small muted">
            {t(`results.decision.${result.decision}`, { defaultValue: result.decision })}
          </span>
        )}
      </div>
      {error === null ? null : (
        <div className="banner bad" style={{ borderRadius: 8, border: 0 }}>
          <div>
            <div>{error.title}</div>
            <div className="small">{error.remedy}</div>
            <div className="mono">{error.code}</div>
          </div>
        </div>
      )}
      {published.length > 0 && <Tags tags={published} />}
      {candidates.length > 0 && (
        <>
          <h3 className="eyebrow">{t('results.candidates')}</h3>
          <Tags tags={candidates.slice(0, 8)} />
        </>
      )}
      {result === null && error === null && <p className="muted">{t('results.noTags')}</p>}
    </section>
  )
}

const Text = ({ content }: { content: Content }): ReactNode => {
  const { t } = useTranslation()
  const fields = [
    ['description', content.description],
    ['ocr', content.ocrText],
    ['asr', content.asrText],
  ] as const
  const { author, video } = content
  return (
    <dl className="stack">
      {fields.map(([name, text]) =>
        text === null || text === '' ? null : (
          <div key={name}>
            <dt className="eyebrow">{t(`review.${name}`)}</dt>
            <dd dir="auto" className="breakable pre">
              {text}
            </dd>
          </div>
        ),
      )}
      {author == null ? null : (
        <div>
          <dt className="eyebrow">{t('review.author')}</dt>
          <dd dir="auto">{author.displayName ?? author.authorId}</dd>
        </div>
      )}
      {video == null ? null : (
        <div className="row small muted num">
          {video.durationMs === null ? null : <span>{clock(video.durationMs)}</span>}
          {video.width === null ? null : <span>{t('results.size', { width: video.width, height: video.height })}</span>}
          <span>{(video.bytes / 1e6).toFixed(1)} MB</span>
        </div>
      )}
    </dl>
  )
}

const ContentPage = (): ReactNode => {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const ago = useAgo()
  const client = useQueryClient()
  const mayWrite = useIsAtLeast('admin')
  const query = useQuery({
    queryKey: ['content', id],
    queryFn: () => get<Content>(`/v1/contents/${id}`),
    // The stream says when something changes; this is for where it does not reach.
    refetchInterval: ({ state }) => (state.data?.state === 'processing' ? 700 : false),
  })
  const retag = useMutation({
    mutationFn: () => post(`/v1/contents/${id}/retag`),
    onSettled: () => client.invalidateQueries({ queryKey: ['content', id] }),
  })
  const back = (
    <Button variant="subtle" size="compact-sm" component={Link} to="/results" leftSection={<IconArrowLeft size={16} />}>
      {t('results.back')}
    </Button>
  )
  if (query.isPending)
    return (
      <div className="page">
        <LoadingState />
      </div>
    )
  if (query.isError)
    return (
      <div className="page">
        <div>{back}</div>
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      </div>
    )
  const content = query.data
  return (
    <div className="page">
      <div>{back}</div>
      <PageHead
        title={content.title ?? t('results.untitled')}
        lead={
          <span className="row">
            <StatePill state={content.state} />
            <span>{t('results.submitted', { ago: ago(content.createdAt) })}</span>
            <span>{t('results.revision', { revision: content.revision })}</span>
          </span>
        }
      >
        {mayWrite && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} />}
            loading={retag.isPending}
            disabled={content.state === 'processing'}
            onClick={() => retag.mutate()}
          >
            {t('results.tagAgain')}
          </Button>
        )}
      </PageHead>
      {retag.isError && <ErrorState error={retag.error} compact />}
      <div className="content-grid">
        <div className="stack">
          <Film id={id} hasVideo={content.video !== null} />
          <section className="card">
            <Text content={content} />
          </section>
        </div>
        <div className="stack">
          <Result content={content} />
          <section className="card flush">
            <h2 className="h2 card-title">{t('results.stages')}</h2>
            <div className="table-scroll" tabIndex={0}>
              <Stages stages={content.stages} />
            </div>
          </section>
          <History id={id} revision={content.revision} />
        </div>
      </div>
    </div>
  )
}

export default ContentPage
