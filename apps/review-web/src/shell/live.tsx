import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

interface ItemChange {
  readonly id: string
  readonly change: string
}

type Listener = (change: ItemChange) => void

const listeners = new Set<Listener>()

/** Hears of changes to review items; @returns what ends it */
export const onItemChange = (listener: Listener): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Keeps what is on the page current: the platform says what has changed, and that is asked for again. */
export const useLive = (): void => {
  const client = useQueryClient()
  useEffect(() => {
    if (typeof EventSource === 'undefined') return undefined
    const source = new EventSource('/v1/live')
    source.addEventListener('queues', () => void client.invalidateQueries({ queryKey: ['queues'] }))
    source.addEventListener('contents', () => void client.invalidateQueries({ queryKey: ['contents'] }))
    source.addEventListener('content', (event) => {
      const { id } = JSON.parse((event as MessageEvent<string>).data) as { id: string }
      void client.invalidateQueries({ queryKey: ['content', id] })
      void client.invalidateQueries({ queryKey: ['contents'] })
    })
    source.addEventListener('item', (event) => {
      const change = JSON.parse((event as MessageEvent<string>).data) as ItemChange
      for (const listener of listeners) listener(change)
    })
    return () => source.close()
  }, [client])
}
