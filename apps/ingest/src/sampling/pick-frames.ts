import { Refusal } from './refusal.js'
import { takePicture, type SampledPicture } from './picture.js'
import type { VideoSource } from './video-source.js'
import type { SamplingPlan } from './wire.js'

export interface Picked {
  readonly pictures: readonly SampledPicture[]
  readonly durationSeconds: number
}

// A frame can be decoded although its container lies about time; the fallback decodes everything, up to here.
const sequentialFramesMax = 20_000

/**
 * N frames at the centres of N equal parts of the video, distinct wherever it has N. Each is the keyframe at or before
 * its time, decoded alone; where two times share a keyframe, the later ones are decoded exactly. What is left short
 * (timestamps that lie, damaged parts) is decoded from the start.
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

/** The last packet is truthful where the header is not (some phones write a duration of zero). */
const measureSeconds = async (video: VideoSource): Promise<number> => {
  let last: bigint | undefined
  for (let packet = await video.nextPacket(); packet !== undefined; packet = await video.nextPacket()) {
    if (last === undefined || packet.pts > last) last = packet.pts
  }
  return last === undefined ? 0 : Math.max(0, Number(last - video.startPts) * video.unit)
}

const pickBySeeking = async (
  video: VideoSource,
  plan: SamplingPlan,
  durationSeconds: number,
): Promise<SampledPicture[]> => {
  const targets = Array.from(
    { length: plan.frames },
    (_, index) => video.startPts + BigInt(Math.round(((index + 0.5) * durationSeconds) / plan.frames / video.unit)),
  )
  const { orientation } = video
  const pictures = new Map<bigint, SampledPicture>()
  let shared: bigint[] = []
  let sharedKey: bigint | undefined
  const take = async (frame: Parameters<typeof takePicture>[0]): Promise<void> => {
    if (!pictures.has(frame.bestEffortTimestamp)) {
      pictures.set(frame.bestEffortTimestamp, await takePicture(frame, plan.size, orientation))
    }
  }
  const decodeShared = async (): Promise<void> => {
    if (sharedKey !== undefined && shared.length > 0) await decodeUpTo(video, sharedKey, shared, take)
    shared = []
  }
  for (const target of targets) {
    if (!(await video.seek(target))) return []
    const key = await nextKey(video)
    if (key === undefined) continue
    if (key === sharedKey) {
      shared.push(target)
      continue
    }
    const frame = await video.decodeOne()
    if (frame !== undefined) await take(frame)
    await decodeShared()
    sharedKey = key
  }
  await decodeShared()
  return inOrder(pictures.values()).slice(0, plan.frames)
}

const nextKey = async (video: VideoSource): Promise<bigint | undefined> => {
  for (let packet = await video.nextPacket(); packet !== undefined; packet = await video.nextPacket()) {
    if (packet.key) return packet.pts
  }
  return undefined
}

/**
 * From a keyframe on, takes the frame that each target shows. Not the first at or after it: that may be the next keyframe,
 * which another target takes, and one frame too few means decoding everything.
 */
const decodeUpTo = async (
  video: VideoSource,
  key: bigint,
  targets: readonly bigint[],
  take: (frame: Parameters<typeof takePicture>[0]) => Promise<void>,
): Promise<void> => {
  if (!(await video.seek(key))) return
  let next = 0
  for await (const frame of video.frames()) {
    const target = targets[next]
    if (target === undefined) return
    // A frame that does not say how long it is shown is taken from its own time on.
    if (frame.bestEffortTimestamp < target && frame.bestEffortTimestamp + frame.duration <= target) continue
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
  visit: (frame: Parameters<typeof takePicture>[0], index: number) => Promise<void>,
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
