import { useCallback, useState } from 'react'
import { bindingsFrom } from '../keys/bindings.js'
import type { Bindings } from '../keys/actions.js'
import { readJson, writeJson } from '../storage/safe-storage.js'

/** How somebody wants to look at things. Kept in this browser. */
export interface Settings {
  readonly blur: boolean
  readonly greyscale: boolean
  readonly muted: boolean
  readonly autoplay: boolean
  readonly bindings: Bindings
}

const key = 'reeltag.settings'

const prefersStill = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches

const load = (): Settings => {
  const stored = (readJson(localStorage, key) ?? {}) as Partial<Settings>
  const flag = (value: unknown, otherwise: boolean): boolean => (typeof value === 'boolean' ? value : otherwise)
  return {
    blur: flag(stored.blur, false),
    greyscale: flag(stored.greyscale, false),
    // Sound is never played before somebody asks for it.
    muted: true,
    autoplay: flag(stored.autoplay, true) && !prefersStill(),
    bindings: bindingsFrom(stored.bindings),
  }
}

export const useSettings = (): [Settings, (change: Partial<Settings>) => void] => {
  const [settings, setSettings] = useState(load)
  const change = useCallback((changed: Partial<Settings>) => {
    setSettings((before) => {
      const after = { ...before, ...changed }
      writeJson(localStorage, key, after)
      return after
    })
  }, [])
  return [settings, change]
}
