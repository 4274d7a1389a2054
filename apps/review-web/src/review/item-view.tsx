import { Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { evidenceQuery, mediaQuery, taxonomyQuery, useNodeNames } from '../api/queries.js'
import type { ChosenTag, Claim, ReviewTask, VerdictAction } from '../api/review-types.js'
import type { Action } from '../keys/actions.js'
import { useActions } from '../keys/use-actions.js'
import { choose, chosenTags, optionsOf, suggestionOf, verdictOf, type Option } from './choice.js'
import { ActionBar } from './parts/action-bar.js'
import { Filmstrip, type StripFrame } from './parts/filmstrip.js'
import { Legend } from './overlays/legend.js'
import { LookBar } from './parts/look-bar.js'
import { Options } from './parts/options.js'
import { Player } from './parts/player.js'
import { PolicyDrawer } from './overlays/policy-drawer.js'
import { ReasonDialog } from './overlays/reason-dialog.js'
import { SearchDialog } from './overlays/search-dialog.js'
import { Texts } from './parts/texts.js'
import { Why } from './parts/why.js'
import { deskHandlers, lookHandlers, overlayHandlers, useMarks, type Overlay } from './item-actions.js'
import type { Settings } from './settings.js'
import type { Desk } from '../desk/use-desk.js'
import { usePlayer } from './use-player.js'

const draftAfterMs = 600

interface ItemViewProps {
  readonly claim: Claim
  readonly desk: Desk
  readonly settings: Settings
  readonly change: (changed: Partial<Settings>) => void
}

const useStrip = (claim: Claim): readonly StripFrame[] => {
  const { data: media } = useQuery(mediaQuery(claim.item.contentId))
  const { data: evidence } = useQuery(evidenceQuery(claim.item.contentId))
  return useMemo(() => {
    const frames: readonly { timeMs: number; url?: string }[] = media?.frames.length
      ? media.frames
      : (claim.item.frames ?? [])
    const strongest = Math.max(0, ...(evidence?.frames ?? []).map(({ weight }) => weight))
    return frames.map(({ timeMs, url }) => {
      const weight = evidence?.frames.find((frame) => Math.abs(frame.timeMs - timeMs) < 2)?.weight
      return {
        timeMs,
        url,
        weight: weight === undefined || strongest <= 0 ? undefined : Math.max(0, weight / strongest),
      }
    })
  }, [media, evidence, claim.item.frames])
}

/** What somebody has chosen and typed, kept as they go. */
const useChoice = ({ claim, desk }: Pick<ItemViewProps, 'claim' | 'desk'>) => {
  const { item } = claim
  const [draft] = useState(() => desk.drafts.get(item.id) ?? item.draft ?? {})
  const [changes, setChanges] = useState<readonly ChosenTag[]>(draft.tags ?? [])
  const [note, setNote] = useState(draft.note ?? '')
  const [evidence, setEvidence] = useState(draft.evidence ?? [])
  const touched = useRef(false)
  const touch = useCallback(() => {
    touched.current = true
  }, [])
  useEffect(() => {
    if (!touched.current) return undefined
    const kept = { tags: changes, note, evidence }
    desk.drafts.put(item.id, kept)
    const timer = setTimeout(() => desk.keepDraft(claim, kept), draftAfterMs)
    return () => clearTimeout(timer)
    // The desk is new with every render; what is kept depends on these alone.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [changes, note, evidence])
  return { changes, setChanges, note, setNote, evidence, setEvidence, touch }
}

interface OverlaysProps extends Pick<ItemViewProps, 'settings' | 'change'> {
  readonly overlay: Overlay
  readonly item: ReviewTask
  onPick(tag: ChosenTag): void
  onDecide(action: VerdictAction, reason: string): void
  onClose(): void
}

const Overlays = ({ overlay, item, settings, change, onPick, onDecide, onClose }: OverlaysProps): ReactNode => {
  const { data: taxonomy } = useQuery(taxonomyQuery)
  return (
    <>
      <SearchDialog
        opened={overlay === 'search'}
        facets={taxonomy?.facets ?? []}
        onChoose={({ facet, node }) => {
          onPick({ facet, path: node.path })
          onClose()
        }}
        onClose={onClose}
      />
      <ReasonDialog
        action={overlay === 'reject' || overlay === 'skip' || overlay === 'escalate' ? overlay : undefined}
        onChoose={(action, reason) => {
          onClose()
          onDecide(action, reason)
        }}
        onClose={onClose}
      />
      <Legend
        opened={overlay === 'legend'}
        bindings={settings.bindings}
        onChange={(bindings) => change({ bindings })}
        onClose={onClose}
      />
      <PolicyDrawer item={item} opened={overlay === 'policy'} onClose={onClose} />
    </>
  )
}

/** One item on the desk. */
export const ItemView = ({ claim, desk, settings, change }: ItemViewProps): ReactNode => {
  const { t } = useTranslation()
  const { item, token } = claim
  const { data: media } = useQuery(mediaQuery(item.contentId))
  const { data: evidence } = useQuery(evidenceQuery(item.contentId))
  const { data: taxonomy } = useQuery(taxonomyQuery)
  const namesOf = useNodeNames()
  const strip = useStrip(claim)
  const player = usePlayer(useMemo(() => strip.map(({ timeMs }) => timeMs), [strip]))
  const choice = useChoice({ claim, desk })
  const [overlay, setOverlay] = useState<Overlay>()
  const noteField = useRef<HTMLTextAreaElement>(null)

  const suggestion = suggestionOf(item)
  const chosen = chosenTags(suggestion, choice.changes)
  const options = useMemo((): readonly Option[] => {
    const known = optionsOf(item)
    const added = choice.changes
      .filter(({ facet, path }) => !known.some((option) => option.facet === facet && option.path === path))
      .map(({ facet, path }): Option => ({
        facet,
        path,
        names: namesOf(facet, path),
        confidence: null,
        isSuggested: false,
      }))
    return [...known, ...added]
    // The names change with the taxonomy.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [item, choice.changes, taxonomy])
  const kindOf = (facet: string): 'single' | 'multi' =>
    taxonomy?.facets.find(({ id }) => id === facet)?.kind ?? 'single'
  const pick = ({ facet, path }: ChosenTag): void => {
    choice.touch()
    choice.setChanges(choose(suggestion, choice.changes, { facet, path }, kindOf(facet)))
  }
  const decide = (action: VerdictAction, reason?: string): void => {
    const { changes, note } = choice
    const given = { changes, note, evidence: choice.evidence, ...(reason === undefined ? {} : { reason }) }
    desk.decide(verdictOf({ itemId: item.id, token }, crypto.randomUUID(), action, given))
  }
  const marks = useMarks(player.timeMs, (range) => {
    choice.touch()
    choice.setEvidence([range])
  })
  const handlers: Partial<Record<Action, () => void>> = {
    ...player.handlers,
    ...marks.handlers,
    ...lookHandlers(settings, change),
    ...overlayHandlers(setOverlay),
    ...deskHandlers(desk),
    ...Object.fromEntries(options.slice(0, 9).map((option, index) => [`choose${index + 1}`, () => pick(option)])),
    accept: () => decide('accept'),
    submit: () => decide('accept'),
    note: () => noteField.current?.focus(),
  }
  useActions(settings.bindings, handlers, overlay === undefined)

  const look = [settings.blur ? 'blurred' : '', settings.greyscale ? 'grey' : ''].join(' ')
  const [marked] = choice.evidence
  const segment = marks.startMs === undefined ? marked : { startMs: marks.startMs, endMs: undefined }
  const close = useCallback(() => setOverlay(undefined), [])
  return (
    <>
      <div className="desk">
        <section className="desk-left" aria-label={t('review.video')}>
          <Player
            contentId={item.contentId}
            media={media}
            video={player.video}
            muted={settings.muted}
            autoplay={settings.autoplay}
            className={look}
            onTime={player.setTime}
          />
          <LookBar
            settings={settings}
            timeMs={player.timeMs}
            durationMs={item.durationMs}
            segment={segment}
            handlers={handlers}
          />
          <Filmstrip frames={strip} currentMs={player.timeMs} className={look} onSeek={player.seek} />
        </section>
        <section className="desk-right" aria-label={t('review.decision')}>
          <h1 className="visually-hidden">{t('nav.review')}</h1>
          <Texts item={item} evidence={evidence} />
          <Options options={options} chosen={chosen} bindings={settings.bindings} onChoose={pick} />
          <Why item={item} />
          <Textarea
            ref={noteField}
            label={t('review.note')}
            placeholder={t('review.notePlaceholder')}
            autosize
            minRows={1}
            maxRows={5}
            value={choice.note}
            onChange={(event) => {
              choice.touch()
              choice.setNote(event.currentTarget.value)
            }}
          />
          {(item.notes ?? []).map(({ who, at, text }) => (
            <p key={at} className="small breakable">
              <span className="muted">{who}</span> <span dir="auto">{text}</span>
            </p>
          ))}
        </section>
      </div>
      <ActionBar bindings={settings.bindings} isChanged={choice.changes.length > 0} handlers={handlers} />
      <Overlays
        overlay={overlay}
        item={item}
        settings={settings}
        change={change}
        onPick={pick}
        onDecide={decide}
        onClose={close}
      />
    </>
  )
}
