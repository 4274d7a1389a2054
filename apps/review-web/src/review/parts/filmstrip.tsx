import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Bar } from '../../components/bar.js'
import { clock } from '../../components/format.js'

export interface StripFrame {
  readonly timeMs: number
  readonly url: string | undefined
  /** 0 to 1 of the strongest; undefined where nothing is known. */
  readonly weight: number | undefined
}

/** The frames that the model saw, each with its time and what it carried of the decision. */
export const Filmstrip = ({
  frames,
  currentMs,
  className,
  onSeek,
}: {
  frames: readonly StripFrame[]
  currentMs: number
  className: string
  onSeek: (ms: number) => void
}): ReactNode => {
  const { t } = useTranslation()
  if (frames.length === 0) return null
  const active = frames.reduce((best, { timeMs }, index) => (timeMs <= currentMs + 50 ? index : best), 0)
  return (
    <ol className="strip" aria-label={t('review.frames')} tabIndex={0}>
      {frames.map(({ timeMs, url, weight }, index) => (
        <li key={timeMs}>
          <button
            type="button"
            className={index === active ? 'frame active' : 'frame'}
            aria-label={
              weight === undefined
                ? t('review.frameAt', { time: clock(timeMs) })
                : t('review.frameWeight', { time: clock(timeMs), share: Math.round(weight * 100) })
            }
            {...(index === active ? { 'aria-current': 'true' as const } : {})}
            onClick={() => onSeek(timeMs)}
          >
            <span className={`picture ${className}`}>
              {url === undefined ? null : <img src={url} alt="" loading="eager" decoding="async" />}
            </span>
            {weight === undefined ? null : <Bar share={weight} />}
            <span className="num small">{clock(timeMs)}</span>
          </button>
        </li>
      ))}
    </ol>
  )
}
