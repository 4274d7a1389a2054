import { ActionIcon, Tooltip } from '@mantine/core'
import {
  IconBlur,
  IconContrast2,
  IconGavel,
  IconKeyboard,
  IconPlayerPlay,
  IconVolume,
  IconVolumeOff,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { clock } from '../../components/format.js'
import { KeyCaps } from '../../components/key-caps.js'
import type { Action } from '../../keys/actions.js'
import type { Settings } from '../settings.js'

/** How the video is looked at: blurred, grey, silent; where it is, and what was marked. */
export const LookBar = ({
  settings,
  timeMs,
  durationMs,
  segment,
  handlers,
}: {
  settings: Settings
  timeMs: number
  durationMs: number | null | undefined
  segment: { readonly startMs: number; readonly endMs: number | undefined } | undefined
  handlers: Partial<Record<Action, () => void>>
}): ReactNode => {
  const { t } = useTranslation()
  const toggle = (action: Action, pressed: boolean, icon: ReactNode) => (
    <Tooltip
      label={
        <span className="row tight">
          {t(`actions.${action}`)} <KeyCaps written={settings.bindings[action]} />
        </span>
      }
    >
      <ActionIcon
        variant={pressed ? 'light' : 'subtle'}
        color={pressed ? 'accent' : 'gray'}
        size={32}
        aria-label={t(`actions.${action}`)}
        aria-pressed={pressed}
        onClick={(event) => {
          handlers[action]?.()
          if (event.detail > 0) event.currentTarget.blur()
        }}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  )
  return (
    <div className="look-bar">
      <span className="num small">
        {clock(timeMs)}
        {durationMs == null ? '' : ` / ${clock(durationMs)}`}
      </span>
      {segment === undefined ? null : (
        <span className="pill accent num">
          {t('review.segment', {
            from: clock(segment.startMs),
            to: segment.endMs === undefined ? '…' : clock(segment.endMs),
          })}
        </span>
      )}
      <span className="grow" />
      {toggle('play', false, <IconPlayerPlay size={18} />)}
      {toggle('mute', settings.muted, settings.muted ? <IconVolumeOff size={18} /> : <IconVolume size={18} />)}
      {toggle('blur', settings.blur, <IconBlur size={18} />)}
      {toggle('greyscale', settings.greyscale, <IconContrast2 size={18} />)}
      {toggle('policy', false, <IconGavel size={18} />)}
      {toggle('legend', false, <IconKeyboard size={18} />)}
    </div>
  )
}
