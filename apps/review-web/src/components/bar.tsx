import type { ReactNode } from 'react'
import './bar.css'

/** A share as a bar. The number stands beside it, so the bar is hidden from screen readers. */
export const Bar = ({ share, quiet = false }: { share: number; quiet?: boolean }): ReactNode => (
  <svg className={quiet ? 'bar quiet' : 'bar'} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
    <rect className="track" width="100" height="6" rx="3" />
    <rect className="fill" width={Math.max(1, Math.min(1, share) * 100)} height="6" rx="3" />
  </svg>
)
