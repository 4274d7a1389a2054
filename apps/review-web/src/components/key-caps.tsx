import type { ReactNode } from 'react'
import { keyCaps } from '../keys/bindings.js'
import './key-caps.css'

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** The keys of an action, as they are printed on a keyboard. */
export const KeyCaps = ({ written }: { written: string }): ReactNode => (
  <span className="key-caps" aria-hidden>
    {keyCaps(written, isMac).map((cap) => (
      <kbd key={cap}>{cap}</kbd>
    ))}
  </span>
)
