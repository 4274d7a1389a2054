import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Names } from '../api/review-types.js'

/** 83.4 %, which does not break. */
export const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)}\u202f%`

/** 1:07.4 */
export const clock = (ms: number, tenths = true): string => {
  const minutes = Math.floor(ms / 60_000)
  const seconds = (ms % 60_000) / 1000
  return `${minutes}:${seconds.toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, '0')}`
}

export const useNames = (): ((names: Names) => string) => {
  const { i18n } = useTranslation()
  return (names) => (i18n.language === 'zh' ? names.zh || names.en : names.en || names.zh)
}

/** The time now, which moves. @param everyMs between two moves */
export const useNow = (everyMs: number): number => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** “3 hours ago”, in the language of the page. */
export const useAgo = (): ((time: string | null | undefined) => string) => {
  const { i18n } = useTranslation()
  const format = new Intl.RelativeTimeFormat(i18n.language === 'zh' ? 'zh-CN' : 'en', { numeric: 'auto' })
  return (time) => {
    if (time == null) return '–'
    const seconds = (Date.parse(time) - Date.now()) / 1000
    const [unit, size] = units.find((each) => Math.abs(seconds) >= each[1]) ?? ['second', 1]
    return format.format(Math.round(seconds / size), unit)
  }
}

/** Date and time to the minute, in the language of the page. */
export const useTime = (): ((time: string | null | undefined) => string) => {
  const { i18n } = useTranslation()
  const format = new Intl.DateTimeFormat(i18n.language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  return (time) => (time == null ? '–' : format.format(new Date(time)))
}
