import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Facet } from '../tree/node-search.js'
import { get, post } from './http.js'
import type { Evidence, Media, Names } from './review-types.js'

export interface Taxonomy {
  readonly pack: string
  readonly version: string
  readonly facets: readonly Facet[]
}

export const taxonomyQuery = queryOptions({
  queryKey: ['taxonomy'],
  queryFn: () => get<Taxonomy>('/v1/taxonomy'),
  staleTime: 5 * 60_000,
})

/** Addresses of media are signed and run out; they are asked for again a little before. */
export const mediaQuery = (contentId: string) =>
  queryOptions({
    queryKey: ['media', contentId],
    queryFn: () => get<Media>(`/v1/contents/${contentId}/media`),
    staleTime: 4 * 60_000,
    refetchInterval: ({ state }) => {
      const media = state.data
      if (media === undefined) return false
      if (media.rendition.state === 'making') return 1_500
      return Math.max(30_000, Date.parse(media.expiresAt) - Date.now() - 30_000)
    },
  })

export const evidenceQuery = (contentId: string) =>
  queryOptions({
    queryKey: ['evidence', contentId],
    queryFn: () => get<Evidence>(`/v1/contents/${contentId}/evidence`),
    staleTime: Infinity,
    retry: false,
  })

export const makeRendition = (contentId: string): Promise<unknown> => post(`/v1/contents/${contentId}/media/rendition`)

/** The names on the way to a node, root first; the ids where the tree does not know it. */
export const useNodeNames = (): ((facet: string, path: string) => readonly Names[]) => {
  const { data } = useQuery(taxonomyQuery)
  return (facet, path) => {
    const nodes = data?.facets.find(({ id }) => id === facet)?.nodes ?? []
    const parts = path.split('/')
    return parts.map((part, depth) => {
      const found = nodes.find((node) => node.path === parts.slice(0, depth + 1).join('/'))
      return found?.names ?? { zh: part, en: part }
    })
  }
}
