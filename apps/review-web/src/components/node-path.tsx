import type { ReactNode } from 'react'
import type { Names } from '../api/review-types.js'
import { useNames } from './format.js'
import './node-path.css'

/** The way to a node, its own name last and strongest. */
export const NodePath = ({ names }: { names: readonly Names[] }): ReactNode => {
  const nameOf = useNames()
  const above = names.slice(0, -1)
  const last = names.at(-1)
  return (
    <span className="node-path" dir="auto">
      {above.map((name, depth) => (
        <span key={depth} className="above">
          {nameOf(name)} <span aria-hidden>›</span>{' '}
        </span>
      ))}
      {last === undefined ? null : <span className="own">{nameOf(last)}</span>}
    </span>
  )
}
