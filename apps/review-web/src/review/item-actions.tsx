import { useState } from 'react'
import type { Action } from '../keys/actions.js'
import type { ReasonedAction } from './overlays/reason-dialog.js'
import type { Settings } from './settings.js'
import type { Desk } from '../desk/use-desk.js'

export type Handlers = Partial<Record<Action, () => void>>

/** What lies over the item and has the keyboard. */
export type Overlay = 'search' | 'legend' | 'policy' | ReasonedAction | undefined

export const overlayHandlers = (open: (overlay: Overlay) => void): Handlers => ({
  search: () => open('search'),
  reject: () => open('reject'),
  skip: () => open('skip'),
  escalate: () => open('escalate'),
  policy: () => open('policy'),
  legend: () => open('legend'),
})

export const lookHandlers = (settings: Settings, change: (changed: Partial<Settings>) => void): Handlers => ({
  blur: () => change({ blur: !settings.blur }),
  mute: () => change({ muted: !settings.muted }),
  greyscale: () => change({ greyscale: !settings.greyscale }),
})

export const deskHandlers = (desk: Desk): Handlers => ({
  undo: () => void desk.undo().catch(() => undefined),
  previousItem: () => desk.move(-1),
  nextItem: () => desk.move(1),
})

/** Marks a part of the video: where it begins, and then where it ends. */
export const useMarks = (
  timeMs: number,
  onRange: (range: { readonly startMs: number; readonly endMs: number }) => void,
): { readonly startMs: number | undefined; readonly handlers: Handlers } => {
  const [startMs, setStart] = useState<number>()
  return {
    startMs,
    handlers: {
      markIn: () => setStart(Math.round(timeMs)),
      markOut: () => {
        const endMs = Math.round(timeMs)
        onRange({ startMs: Math.min(startMs ?? 0, endMs), endMs })
        setStart(undefined)
      },
    },
  }
}
