import type { ReactNode } from 'react'

export const PageHead = ({
  title,
  lead,
  children,
}: {
  title: ReactNode
  lead?: ReactNode
  children?: ReactNode
}): ReactNode => (
  <div className="page-head">
    <div className="stack tight">
      <h1 dir="auto" className="breakable">
        {title}
      </h1>
      {lead === undefined ? null : <p>{lead}</p>}
    </div>
    {children === undefined ? null : <div className="row">{children}</div>}
  </div>
)
