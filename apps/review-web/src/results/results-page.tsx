import { Button, Select, TextInput } from '@mantine/core'
import { IconSearch, IconUpload } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { get } from '../api/http.js'
import type { ContentPage } from '../api/platform-types.js'
import { taxonomyQuery, useNodeNames } from '../api/queries.js'
import { percent, useAgo, useNames } from '../components/format.js'
import { NodePath } from '../components/node-path.js'
import { PageHead } from '../components/page-head.js'
import { StatePill } from '../components/state-pill.js'
import { EmptyState, ErrorState, LoadingState } from '../components/states.js'
import { useIsAtLeast } from '../session/session.js'
import { UploadDialog, useDropTarget } from './parts/upload.js'
import './results.css'

const states = ['processing', 'published', 'in_review', 'failed'] as const

const useNodeChoices = () => {
  const nameOf = useNames()
  const namesOf = useNodeNames()
  const { data } = useQuery(taxonomyQuery)
  return (data?.facets ?? []).map((facet) => ({
    group: nameOf(facet.names),
    items: facet.nodes.map(({ path }) => ({
      value: `${facet.id}:${path}`,
      label: namesOf(facet.id, path).map(nameOf).join(' › '),
    })),
  }))
}

/** The page's address holds the filters, so that it can be passed on. */
const useFilters = () => {
  const [params, setParams] = useSearchParams()
  const set = (name: string, value: string | null): void => {
    setParams(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === null || value === '') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: true },
    )
  }
  const read = (name: string): string | null => params.get(name)
  return { read, set, clear: () => setParams({}, { replace: true }), any: params.size > 0 }
}

const day = (value: string | null, end: boolean): string | undefined =>
  value === null || value === '' ? undefined : new Date(`${value}T${end ? '23:59:59.999' : '00:00:00'}`).toISOString()

const List = ({ items }: { items: ContentPage['items'] }): ReactNode => {
  const { t } = useTranslation()
  const ago = useAgo()
  return (
    <ul className="results">
      {items.map(({ id, title, state, result, error, createdAt }) => {
        const tag = result?.tags.find(({ status }) => status === 'published') ?? result?.tags[0]
        return (
          <li key={id}>
            <Link to={`/results/${id}`} className="result">
              <span className="stack tight main-part">
                <span className="title">
                  <bdi>{title ?? t('results.untitled')}</bdi>
                </span>
                <span className="small">
                  {tag === undefined ? (
                    <span className="muted">{error?.title ?? t('results.noTags')}</span>
                  ) : (
                    <NodePath names={tag.names} />
                  )}
                </span>
              </span>
              <span className="num small muted right">{tag === undefined ? '' : percent(tag.confidence)}</span>
              <StatePill state={state} />
              <span className="small muted when">{ago(createdAt)}</span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

const ResultsPage = (): ReactNode => {
  const { t } = useTranslation()
  const filters = useFilters()
  const choices = useNodeChoices()
  const mayUpload = useIsAtLeast('admin')
  const [uploading, setUploading] = useState<File | true>()
  const dragging = useDropTarget(mayUpload ? setUploading : undefined)
  const query = {
    state: filters.read('state') ?? undefined,
    node: filters.read('node') ?? undefined,
    q: useDeferredValue(filters.read('q')) ?? undefined,
    from: day(filters.read('from'), false),
    to: day(filters.read('to'), true),
  }
  const contents = useInfiniteQuery({
    queryKey: ['contents', query],
    queryFn: ({ pageParam }) => get<ContentPage>('/v1/contents', { ...query, limit: 30, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })
  const items = contents.data?.pages.flatMap((page) => page.items) ?? []
  const upload = mayUpload ? (
    <Button leftSection={<IconUpload size={16} />} onClick={() => setUploading(true)}>
      {t('results.upload')}
    </Button>
  ) : undefined
  return (
    <div className="page">
      <PageHead title={t('nav.results')} lead={t('results.lead')}>
        {upload}
      </PageHead>
      <div className="filters">
        <TextInput
          leftSection={<IconSearch size={16} />}
          placeholder={t('results.search')}
          aria-label={t('results.search')}
          value={filters.read('q') ?? ''}
          onChange={(event) => filters.set('q', event.currentTarget.value)}
        />
        <Select
          placeholder={t('results.anyState')}
          aria-label={t('results.state')}
          data={states.map((value) => ({ value, label: t(`states.${value}`) }))}
          value={filters.read('state')}
          onChange={(value) => filters.set('state', value)}
          clearable
        />
        <Select
          placeholder={t('results.anyNode')}
          aria-label={t('results.node')}
          data={choices}
          value={filters.read('node')}
          onChange={(value) => filters.set('node', value)}
          searchable
          clearable
          limit={100}
        />
        <TextInput
          type="date"
          aria-label={t('results.from')}
          value={filters.read('from') ?? ''}
          onChange={(event) => filters.set('from', event.currentTarget.value)}
        />
        <TextInput
          type="date"
          aria-label={t('results.to')}
          value={filters.read('to') ?? ''}
          onChange={(event) => filters.set('to', event.currentTarget.value)}
        />
        {filters.any && (
          <Button variant="subtle" onClick={filters.clear}>
            {t('results.clear')}
          </Button>
        )}
      </div>
      {contents.isPending ? (
        <LoadingState lines={6} />
      ) : contents.isError ? (
        <ErrorState error={contents.error} retry={() => void contents.refetch()} />
      ) : items.length === 0 ? (
        filters.any ? (
          <EmptyState title={t('results.noneFound')} />
        ) : (
          <EmptyState title={t('results.empty')} action={upload}>
            {t('results.emptyWhy')}
          </EmptyState>
        )
      ) : (
        <div className="card flush">
          <List items={items} />
        </div>
      )}
      {contents.hasNextPage && (
        <Button variant="default" loading={contents.isFetchingNextPage} onClick={() => void contents.fetchNextPage()}>
          {t('results.more')}
        </Button>
      )}
      {dragging && <div className="drop-over">{t('results.dropNow')}</div>}
      <UploadDialog file={uploading} onClose={() => setUploading(undefined)} />
    </div>
  )
}

export default ResultsPage
