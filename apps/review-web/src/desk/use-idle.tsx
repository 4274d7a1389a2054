import { useEffect, useRef } from 'react'

const lookEveryMs = 5_000

/** Calls when nobody has touched the page for a while. */
export const useIdle = (afterMs: number, onIdle: () => void): void => {
  const handler = useRef(onIdle)
  handler.current = onIdle
  useEffect(() => {
    let last = Date.now()
    const touched = (): void => {
      last = Date.now()
    }
    const events = ['keydown', 'pointerdown', 'pointermove', 'scroll'] as const
    for (const name of events) window.addEventListener(name, touched, { passive: true })
    const timer = setInterval(() => {
      if (Date.now() - last < afterMs) return
      last = Date.now()
      handler.current()
    }, lookEveryMs)
    return () => {
      clearInterval(timer)
      for (const name of events) window.removeEventListener(name, touched)
    }
  }, [afterMs])
}
