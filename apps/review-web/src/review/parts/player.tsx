import { Button, Loader } from '@mantine/core'
import { IconPhotoOff, IconPlayerPlay } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { makeRendition } from '../../api/queries.js'
import type { Media } from '../../api/review-types.js'

/** Where the video can be played from: the original, or a rendition that the browser knows. */
const sourceOf = (media: Media | undefined): string | undefined => {
  if (media?.video?.playable === true) return media.video.url
  return media?.rendition.url ?? undefined
}

interface PlayerProps {
  readonly contentId: string
  readonly media: Media | undefined
  readonly video: RefObject<HTMLVideoElement | null>
  readonly muted: boolean
  readonly autoplay: boolean
  readonly className: string
  onTime(ms: number): void
}

export const Player = ({ contentId, media, video, muted, autoplay, className, onTime }: PlayerProps): ReactNode => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [failed, setFailed] = useState(false)
  const source = sourceOf(media)
  const needsRendition = media?.video != null && source === undefined && media.rendition.state === 'none'
  const make = (): void => {
    void makeRendition(contentId)
      .catch(() => undefined)
      .finally(() => void client.invalidateQueries({ queryKey: ['media', contentId] }))
  }
  useEffect(() => setFailed(false), [source])
  useEffect(() => {
    if (needsRendition) make()
    // Once for each content.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [needsRendition, contentId])
  const poster = media?.frames[0]?.url
  if (source !== undefined && !failed)
    return (
      <div className={`player ${className}`}>
        {/* Captions are not part of what is uploaded; the heard text stands beside the video. */}
        <video
          ref={video}
          key={source}
          src={source}
          {...(poster === undefined ? {} : { poster })}
          muted={muted}
          autoPlay={autoplay && muted}
          loop
          playsInline
          controls
          preload="auto"
          aria-label={t('review.video')}
          onTimeUpdate={(event) => onTime(event.currentTarget.currentTime * 1000)}
          onError={() => setFailed(true)}
        />
      </div>
    )
  return (
    <div className={`player still ${className}`}>
      {poster === undefined ? null : <img src={poster} alt={t('review.firstFrame')} />}
      <div className="over">
        {media?.rendition.state === 'making' ? (
          <span className="pill">
            <Loader size={12} /> {t('review.making')}
          </span>
        ) : media?.video === null ? (
          <span className="pill">
            <IconPhotoOff size={14} aria-hidden /> {t('review.noVideo')}
          </span>
        ) : media === undefined ? null : (
          <>
            <span className="pill warn">{failed ? t('review.cannotPlay') : t('review.renditionFailed')}</span>
            <Button size="compact-sm" variant="default" leftSection={<IconPlayerPlay size={14} />} onClick={make}>
              {t('review.makePlayable')}
            </Button>
          </>
        )}
      </div>
    </div>
  )
}
