import { actions, defaultBindings, type Action, type Bindings } from './actions.js'

/** What is needed of a keyboard event. */
export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

const modifiers = new Set([
  'Control',
  'Shift',
  'Alt',
  'Meta',
  'AltGraph',
  'CapsLock',
  'Dead',
  'Process',
  'Unidentified',
])

/**
 * How a key press is written in a binding: by what it types, so that it is the same letter on every layout.
 * Shift counts only with keys that type nothing: `?` is `?` on every keyboard, however it is reached.
 * @returns undefined for a modifier alone and for what an input method takes
 */
export const writtenKey = ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string | undefined => {
  if (modifiers.has(key)) return undefined
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toLowerCase() : key
  const shift = shiftKey && (key.length > 1 || key === ' ')
  return [ctrlKey || metaKey ? 'Mod' : '', altKey ? 'Alt' : '', shift ? 'Shift' : '', name].filter(Boolean).join('+')
}

/** @returns the action of a key, undefined where it has none */
export const actionOf = (bindings: Bindings, written: string): Action | undefined =>
  actions.find((action) => bindings[action] === written)

/** Keys that a browser or a screen reader keeps for itself, or that end the use of the page by keyboard. */
const reserved = new Set(['Tab', 'Shift+Tab', 'Mod+w', 'Mod+t', 'Mod+n', 'Mod+r', 'Mod+q', 'F5', 'F11', 'F12'])

export type Refusal = { readonly because: 'reserved' } | { readonly because: 'taken'; readonly by: Action }

/** Why a key may not be given to an action; undefined where it may. */
export const refusalOf = (bindings: Bindings, action: Action, written: string): Refusal | undefined => {
  if (reserved.has(written)) return { because: 'reserved' }
  const by = actions.find((other) => other !== action && bindings[other] === written)
  return by === undefined ? undefined : { because: 'taken', by }
}

/** What was stored, if it is whole and free of conflicts; otherwise the keys as they come. */
export const bindingsFrom = (stored: unknown): Bindings => {
  if (typeof stored !== 'object' || stored === null) return defaultBindings
  const own = Object.fromEntries(
    Object.entries(stored).filter(([action, key]) => action in defaultBindings && typeof key === 'string'),
  ) as Partial<Bindings>
  const bindings = { ...defaultBindings, ...own }
  return actions.every((action) => refusalOf(bindings, action, bindings[action]) === undefined)
    ? bindings
    : defaultBindings
}

const symbols: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Enter: '↵',
  Escape: 'Esc',
}

/** A binding as it is printed on a key. */
export const keyCaps = (written: string, isMac: boolean): readonly string[] => {
  const parts = written === '+' ? ['+'] : written.split('+')
  return parts.map((part) => {
    if (part === 'Mod') return isMac ? '⌘' : 'Ctrl'
    if (part === 'Shift') return '⇧'
    return symbols[part] ?? (part.length === 1 ? part.toUpperCase() : part)
  })
}
