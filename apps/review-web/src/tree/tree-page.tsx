import { TextInput, UnstyledButton } from '@mantine/core'
import { IconChevronRight, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { taxonomyQuery, useNodeNames } from '../api/queries.js'
import { useNames } from '../components/format.js'
import { NodePath } from '../components/node-path.js'
import { PageHead } from '../components/page-head.js'
import { ErrorState, LoadingState } from '../components/states.js'
import { NodeSearch, type Facet, type Found, type Romanise, type TreeNode } from './node-search.js'
import './tree.css'

const parentPath = (path: string): string => path.split('/').slice(0, -1).join('/')

const Branch = ({
  facet,
  parent,
  chosen,
  onChoose,
}: {
  facet: Facet
  parent: string
  chosen: Found | undefined
  onChoose: (found: Found) => void
}): ReactNode => {
  const nameOf = useNames()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const nodes = facet.nodes.filter(({ path }) => parentPath(path) === parent)
  const toggle = (node: TreeNode): void => {
    onChoose({ facet: facet.id, node })
    if (node.leaf) return
    setOpen((before) => {
      const after = new Set(before)
      if (!after.delete(node.path)) after.add(node.path)
      return after
    })
  }
  return (
    <ul className="branch">
      {nodes.map((node) => (
        <li key={node.path}>
          <UnstyledButton
            className={chosen?.facet === facet.id && chosen.node.path === node.path ? 'node chosen' : 'node'}
            {...(node.leaf ? {} : { 'aria-expanded': open.has(node.path) })}
            onClick={() => toggle(node)}
          >
            <IconChevronRight
              size={14}
              aria-hidden
              className={node.leaf ? 'leaf' : open.has(node.path) ? 'open' : ''}
            />
            <span dir="auto">{nameOf(node.names)}</span>
            {node.leaf ? null : (
              <span className="small muted num">
                {facet.nodes.filter(({ path, leaf }) => leaf && path.startsWith(`${node.path}/`)).length}
              </span>
            )}
          </UnstyledButton>
          {open.has(node.path) && <Branch facet={facet} parent={node.path} chosen={chosen} onChoose={onChoose} />}
        </li>
      ))}
    </ul>
  )
}

const Details = ({ found }: { found: Found | undefined }): ReactNode => {
  const { t } = useTranslation()
  const namesOf = useNodeNames()
  if (found === undefined) return <p className="muted">{t('tree.choose')}</p>
  const { facet, node } = found
  const synonyms = [...node.synonyms.zh, ...node.synonyms.en]
  return (
    <div className="stack">
      <div className="stack tight">
        <NodePath names={namesOf(facet, node.path)} />
        <span className="mono muted breakable">
          {facet}:{node.path}
        </span>
      </div>
      <dl className="names">
        <div>
          <dt>中文</dt>
          <dd lang="zh">{node.names.zh}</dd>
        </div>
        <div>
          <dt>English</dt>
          <dd lang="en">{node.names.en}</dd>
        </div>
        <div>
          <dt>{t('tree.synonyms')}</dt>
          <dd>
            {synonyms.length === 0 ? (
              <span className="muted">{t('tree.none')}</span>
            ) : (
              <span className="row tight">
                {synonyms.map((synonym) => (
                  <span key={synonym} className="pill">
                    {synonym}
                  </span>
                ))}
              </span>
            )}
          </dd>
        </div>
      </dl>
      <Link to={`/results?node=${encodeURIComponent(`${facet}:${node.path}`)}`}>{t('tree.results')}</Link>
    </div>
  )
}

const TreePage = (): ReactNode => {
  const { t } = useTranslation()
  const nameOf = useNames()
  const namesOf = useNodeNames()
  const taxonomy = useQuery(taxonomyQuery)
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<Found>()
  const [romanise, setRomanise] = useState<Romanise>()
  useEffect(() => {
    if (typed !== '' && romanise === undefined)
      void import('./romanise.js').then((module) => setRomanise(() => module.romanise))
  }, [typed, romanise])
  const search = useMemo(() => new NodeSearch(taxonomy.data?.facets ?? [], romanise), [taxonomy.data, romanise])
  if (taxonomy.isPending)
    return (
      <div className="page">
        <LoadingState />
      </div>
    )
  if (taxonomy.isError) return <ErrorState error={taxonomy.error} retry={() => void taxonomy.refetch()} />
  const { facets, version, pack } = taxonomy.data
  const found = search.find(typed, 60)
  return (
    <div className="page">
      <PageHead title={t('nav.tree')} lead={t('tree.lead', { version, pack })} />
      <TextInput
        size="md"
        leftSection={<IconSearch size={18} />}
        placeholder={t('tree.search')}
        aria-label={t('tree.search')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div className="tree-grid">
        <div className="stack">
          {typed.trim() === '' ? (
            facets.map((facet) => (
              <section key={facet.id} className="card stack tight">
                <div className="row spread">
                  <h2 className="h2">{nameOf(facet.names)}</h2>
                  <span className="small muted">
                    {t('tree.leaves', { count: facet.nodes.filter(({ leaf }) => leaf).length })} ·{' '}
                    {t(`tree.${facet.kind}`)}
                  </span>
                </div>
                <Branch facet={facet} parent="" chosen={chosen} onChoose={setChosen} />
              </section>
            ))
          ) : (
            <section className="card">
              {found.length === 0 && <p className="muted">{t('search.nothing')}</p>}
              <ul className="branch">
                {found.map((each) => (
                  <li key={`${each.facet}:${each.node.path}`}>
                    <UnstyledButton
                      className={each === chosen ? 'node chosen' : 'node'}
                      onClick={() => setChosen(each)}
                    >
                      <NodePath names={namesOf(each.facet, each.node.path)} />
                    </UnstyledButton>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
        <aside className="card details" aria-live="polite">
          <Details found={chosen} />
        </aside>
      </div>
    </div>
  )
}

export default TreePage
