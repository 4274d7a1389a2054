import type { ReactNode } from 'react'

/**
 * A table in a card of its own. Where it is wider than the card, it is scrolled there, by keyboard too.
 * @param head cells of the first row
 * @param children the other rows
 */
export const Table = ({ head, children }: { head: ReactNode; children: ReactNode }): ReactNode => (
  <div className="card flush table-scroll" tabIndex={0}>
    <table className="table">
      <thead>
        <tr>{head}</tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)
