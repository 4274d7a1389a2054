import { useCallback, useRef, useState, type RefObject } from 'react'
import type { Action } from '../keys/actions.js'

const frameMs = 1000 / 25
const backMs = 2_000
const speedMax = 4

export interface PlayerControls {
  readonly video: RefObject<HTMLVideoElement | null>
  readonly timeMs: number
  setTime(ms: number): void
  seek(ms: number): void
  readonly handlers: Partial<Record<Action, () => void>>
}

/** Keys of editing programs on a video element. Without one they do nothing. */
export const usePlayer = (frameTimes: readonly number[]): PlayerControls => {
  const video = useRef<HTMLVideoElement>(null)
  const [timeMs, setTime] = useState(0)
  const seek = useCallback((ms: number) => {
    const element = video.current
    const lastMs = element === null || Number.isNaN(element.duration) ? ms : element.duration * 1000
    const to = Math.max(0, Math.min(ms, lastMs))
    if (element !== null) {
      element.pause()
      element.currentTime = to / 1000
    }
    setTime(to)
  }, [])
  const now = (): number => (video.current === null ? timeMs : video.current.currentTime * 1000)
  const play = (rate: number): void => {
    if (video.current === null) return
    video.current.playbackRate = rate
    // A browser may refuse; the controls are there.
    void video.current.play().catch(() => undefined)
  }
  return {
    video,
    timeMs,
    setTime,
    seek,
    handlers: {
      play: () => (video.current?.paused === false ? video.current.pause() : play(1)),
      pause: () => video.current?.pause(),
      shuttleForward: () =>
        play(video.current?.paused === false ? Math.min(speedMax, video.current.playbackRate * 2) : 1),
      shuttleBack: () => seek(now() - backMs),
      frameBack: () => seek(now() - frameMs),
      frameForward: () => seek(now() + frameMs),
      previousFrame: () => seek(frameTimes.findLast((time) => time < now() - 60) ?? frameTimes[0] ?? 0),
      nextFrame: () => seek(frameTimes.find((time) => time > now() + 60) ?? frameTimes.at(-1) ?? 0),
    },
  }
}
