import type { Session } from '../api/review-types.js'

export interface PageEntry {
  readonly path: string
  readonly key: 'review' | 'results' | 'queues' | 'tree' | 'quality' | 'policies' | 'operations'
  /** Who sees it in the menu; the server decides who may read it. */
  readonly from: Session['user']['role']
}

/** The menu, in order. */
export const pages: readonly PageEntry[] = [
  { path: '/review', key: 'review', from: 'reviewer' },
  { path: '/results', key: 'results', from: 'reviewer' },
  { path: '/queues', key: 'queues', from: 'reviewer' },
  { path: '/tree', key: 'tree', from: 'reviewer' },
  { path: '/quality', key: 'quality', from: 'lead' },
  { path: '/policies', key: 'policies', from: 'lead' },
  { path: '/operations', key: 'operations', from: 'admin' },
]
