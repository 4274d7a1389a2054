import { useEffect, useRef } from 'react'
import type { Action, Bindings } from './actions.js'
import { actionOf, writtenKey } from './bindings.js'

const isField = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a, [role="menuitem"], summary') !== null

/** Inside a field only these act, because they type nothing. */
const inFields = new Set<Action>(['submit', 'leave'])

/**
 * The one place where keys become actions.
 * Nothing acts while an input method composes, inside fields, or while a dialog is open.
 * @param handlers what each action does; one that is missing does nothing
 * @param enabled false while a dialog has the keyboard
 */
export const useActions = (
  bindings: Bindings,
  handlers: Partial<Record<Action, () => void>>,
  enabled: boolean,
): void => {
  const current = useRef({ bindings, handlers, enabled })
  current.current = { bindings, handlers, enabled }
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const state = current.current
      if (!state.enabled || event.defaultPrevented || event.isComposing || event.keyCode === 229) return
      const written = writtenKey(event)
      if (written === undefined) return
      const action = actionOf(state.bindings, written)
      if (action === undefined) return
      if (isField(event.target)) {
        if (!inFields.has(action)) return
        if (action === 'leave') return void event.target.blur()
      }
      // A button that has the focus is pressed by these.
      if (isControl(event.target) && (written === 'Enter' || written === 'Space')) return
      const handler = state.handlers[action]
      if (handler === undefined) return
      event.preventDefault()
      handler()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
