import { Modal, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { NodePath } from '../../components/node-path.js'
import { useNodeNames } from '../../api/queries.js'
import { NodeSearch, type Facet, type Found, type Romanise, type TreeNode } from '../../tree/node-search.js'

const useNodeSearch = (facets: readonly Facet[], wanted: boolean): NodeSearch => {
  const [romanise, setRomanise] = useState<Romanise>()
  useEffect(() => {
    // The dictionary of pinyin is larger than the page, so it comes when somebody searches.
    if (wanted && romanise === undefined)
      void import('../../tree/romanise.js').then((module) => setRomanise(() => module.romanise))
  }, [wanted, romanise])
  return useMemo(() => new NodeSearch(facets, romanise), [facets, romanise])
}

const childrenOf = (facet: Facet, parent: TreeNode | undefined): readonly Found[] =>
  facet.nodes
    .filter(({ path }) => {
      const above = path.split('/').slice(0, -1).join('/')
      return above === (parent?.path ?? '')
    })
    .map((node) => ({ facet: facet.id, node }))

/** Finds a node in the tree: by typing, or level by level with → and ←. */
export const SearchDialog = ({
  opened,
  facets,
  onChoose,
  onClose,
}: {
  opened: boolean
  facets: readonly Facet[]
  onChoose: (found: Found) => void
  onClose: () => void
}): ReactNode => {
  const { t } = useTranslation()
  const namesOf = useNodeNames()
  const list = useId()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const [within, setWithin] = useState<Found>()
  const input = useRef<HTMLInputElement>(null)
  const search = useNodeSearch(facets, opened)
  useEffect(() => {
    if (!opened) return
    setTyped('')
    setAt(0)
    setWithin(undefined)
  }, [opened])
  const facetOf = (id: string): Facet | undefined => facets.find((facet) => facet.id === id)
  const shown = useMemo<readonly Found[]>(() => {
    if (typed.trim() !== '') return search.find(typed, 12)
    if (within !== undefined) {
      const facet = facets.find(({ id }) => id === within.facet)
      return facet === undefined ? [] : childrenOf(facet, within.node)
    }
    return facets.flatMap((facet) => childrenOf(facet, undefined))
  }, [typed, within, facets, search])
  const active = shown[Math.min(at, shown.length - 1)]
  const into = (found: Found): void => {
    setWithin(found)
    setTyped('')
    setAt(0)
  }
  const out = (): void => {
    if (within === undefined) return
    const parentPath = within.node.path.split('/').slice(0, -1).join('/')
    const parent = facetOf(within.facet)?.nodes.find(({ path }) => path === parentPath)
    setWithin(parent === undefined ? undefined : { facet: within.facet, node: parent })
    setAt(0)
  }
  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return
    const moves = { ArrowDown: 1, ArrowUp: -1 } as const
    const by = moves[event.key as keyof typeof moves]
    if (by !== undefined) setAt((before) => (before + by + shown.length) % Math.max(1, shown.length))
    else if (event.key === 'Enter' && active !== undefined) onChoose(active)
    else if (
      event.key === 'ArrowRight' &&
      active !== undefined &&
      !active.node.leaf &&
      event.currentTarget.selectionStart === typed.length
    )
      into(active)
    else if (event.key === 'ArrowLeft' && typed === '') out()
    else return
    event.preventDefault()
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={t('search.title')}
      closeButtonProps={{ 'aria-label': t('states.close') }}
      yOffset="8vh"
    >
      <TextInput
        ref={input}
        data-autofocus
        size="md"
        leftSection={<IconSearch size={18} />}
        placeholder={t('search.placeholder')}
        aria-label={t('search.placeholder')}
        role="combobox"
        aria-expanded
        aria-controls={list}
        {...(active === undefined ? {} : { 'aria-activedescendant': `${list}-${shown.indexOf(active)}` })}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKey}
      />
      <p className="small muted search-hint">
        {within === undefined ? t('search.hint') : <NodePath names={namesOf(within.facet, within.node.path)} />}
      </p>
      <ul id={list} role="listbox" aria-label={t('search.found')} className="found">
        {shown.map((found, index) => (
          <li
            key={`${found.facet}:${found.node.path}`}
            id={`${list}-${index}`}
            role="option"
            aria-selected={found === active}
            className={found === active ? 'active' : ''}
            ref={(element) => {
              if (found === active) element?.scrollIntoView({ block: 'nearest' })
            }}
            onMouseMove={() => setAt(index)}
            onClick={() => onChoose(found)}
          >
            <NodePath names={namesOf(found.facet, found.node.path)} />
            <span className="small muted">{found.node.leaf ? '' : t('search.levels')}</span>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="muted search-hint">{t('search.nothing')}</p>}
    </Modal>
  )
}
