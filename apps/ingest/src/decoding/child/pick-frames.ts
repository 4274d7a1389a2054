import type { Frame, Packet } from 'node-av/lib'
import { Refusal } from './refusal.js'
import { takePicture, type SampledPicture } from './picture.js'
import type { VideoSource } from './video-source.js'
import type { SamplingPlan } from '../wire.js'

export interface Picked {
  readonly pictures: readonly SampledPicture[]
  readonly durationSeconds: number
}

type Take = (frame: Frame) => Promise<void>

// Frames can be decoded even if the timestamps are wrong. The fallback decodes everything, up to this limit.
const sequentialFramesMax = 20_000

/**
 * N frames of N equal parts of the video, distinct wherever it has N. Each is at or before the centre of its part: the
 * keyframe there, decoded alone; where several centres share a keyframe, it and frames evenly spaced from it to the next,
 * decoded in one go. What is left short (timestamps that lie, damaged parts) is decoded from the start.
 */
export const pickFrames = async (video: VideoSource, plan: SamplingPlan): Promise<Picked> => {
  const durationSeconds = video.declaredSeconds || (await measureSeconds(video))
  if (durationSeconds > plan.secondsMax) throw new Refusal('MEDIA_TOO_LONG', `${Math.round(durationSeconds)} s`)
  const sought = durationSeconds > 0 ? await pickBySeeking(video, plan, durationSeconds) : []
  if (sought.length >= plan.frames) return { pictures: sought, durationSeconds }
  const decoded = await pickSequentially(video, plan)
  const pictures = decoded.length > sought.length ? decoded : sought
  if (pictures.length === 0) throw new Refusal('MEDIA_UNDECODABLE', 'not one frame could be decoded')
  return { pictures, durationSeconds }
}

/** The last packet is right even if the header is wrong (some phones write a duration of zero). */
const measureSeconds = async (video: VideoSource): Promise<number> => {
  let last: bigint | undefined
  for (let packet = await video.nextPacket(); packet !== undefined; packet = await video.nextPacket()) {
    if (last === undefined || packet.pts > last) last = packet.pts
  }
  return last === undefined ? 0 : Math.max(0, Number(last - video.startPts) * video.unit)
}

/** A keyframe that is at or before several centres, or one; not decoded yet. */
interface Group {
  readonly key: bigint
  readonly packet: Packet
  frames: number
}

const pickBySeeking = async (
  video: VideoSource,
  plan: SamplingPlan,
  durationSeconds: number,
): Promise<SampledPicture[]> => {
  const at = (share: number): bigint => video.startPts + BigInt(Math.round((share * durationSeconds) / video.unit))
  const pictures = new Map<bigint, SampledPicture>()
  const { orientation } = video
  const take: Take = async (frame) => {
    if (!pictures.has(frame.bestEffortTimestamp)) {
      pictures.set(frame.bestEffortTimestamp, await takePicture(frame, plan.size, orientation))
    }
  }
  let group: Group | undefined
  for (let index = 0; index < plan.frames; index++) {
    if (!(await video.seek(at((index + 0.5) / plan.frames)))) break
    const key = await nextKey(video)
    if (key === undefined) continue
    if (key === group?.key) {
      group.frames++
      continue
    }
    const packet = video.hold()
    if (group !== undefined) await decodeGroup(video, group, key, take)
    group = { key, packet, frames: 1 }
  }
  if (group !== undefined) await decodeGroup(video, group, at(1), take)
  return inOrder(pictures.values()).slice(0, plan.frames)
}

const nextKey = async (video: VideoSource): Promise<bigint | undefined> => {
  for (let packet = await video.nextPacket(); packet !== undefined; packet = await video.nextPacket()) {
    if (packet.key) return packet.pts
  }
  return undefined
}

/** @param end of the group: the next keyframe that is wanted, or that of the video */
const decodeGroup = async (
  video: VideoSource,
  { key, packet, frames }: Group,
  end: bigint,
  take: Take,
): Promise<void> => {
  try {
    if (frames > 1) {
      await decodeUpTo(
        video,
        Array.from({ length: frames }, (_, index) => key + (BigInt(index) * (end - key)) / BigInt(frames)),
        take,
      )
    } else {
      const frame = await video.decodeAlone(packet)
      if (frame !== undefined) await take(frame)
    }
  } finally {
    packet.free()
  }
}

/**
 * From a keyframe on, takes the frame that each moment shows. Not the first at or after it: that may be the next keyframe,
 * which another group takes, and one frame too few means decoding everything.
 */
const decodeUpTo = async (video: VideoSource, moments: readonly bigint[], take: Take): Promise<void> => {
  const [key] = moments
  if (key === undefined || !(await video.seek(key))) return
  let next = 0
  for await (const frame of video.frames()) {
    const moment = moments[next]
    if (moment === undefined) return
    // A frame that does not say how long it is shown is taken from its own time on.
    if (frame.bestEffortTimestamp < moment && frame.bestEffortTimestamp + frame.duration <= moment) continue
    await take(frame)
    next++
  }
}

/** Counts the frames, then decodes again and takes evenly spaced ones by number: needs no timestamp to be right. */
const pickSequentially = async (video: VideoSource, plan: SamplingPlan): Promise<SampledPicture[]> => {
  const count = await forEachFrame(video, () => Promise.resolve())
  const wanted = new Set(
    Array.from({ length: Math.min(plan.frames, count) }, (_, index) =>
      Math.floor(((index + 0.5) * count) / Math.min(plan.frames, count)),
    ),
  )
  const pictures: SampledPicture[] = []
  const { orientation } = video
  await forEachFrame(video, async (frame, index) => {
    if (wanted.has(index)) pictures.push(await takePicture(frame, plan.size, orientation))
  })
  return pictures
}

const forEachFrame = async (
  video: VideoSource,
  visit: (frame: Frame, index: number) => Promise<void>,
): Promise<number> => {
  await video.seek(video.startPts)
  let index = 0
  for await (const frame of video.frames()) {
    await visit(frame, index++)
    if (index >= sequentialFramesMax) break
  }
  return index
}

const inOrder = (pictures: Iterable<SampledPicture>): SampledPicture[] =>
  [...pictures].sort((a, b) => (a.pts < b.pts ? -1 : a.pts > b.pts ? 1 : 0))
