import './with-resolvers.js'
import { AV_LOG_QUIET } from 'node-av/constants'
import { Log } from 'node-av/lib'
import { swapsSides } from './orientation.js'
import { pickFrames } from './pick-frames.js'
import { filmstrip } from './picture.js'
import { serveChild } from './serve-child.js'
import { VideoSource } from './video-source.js'

Log.setLevel(AV_LOG_QUIET)

serveChild(async (plan, read) => {
  const video = await VideoSource.open(plan, read)
  try {
    const { pictures, durationSeconds } = await pickFrames(video, plan)
    const tensor = Buffer.concat(pictures.map(({ square }) => square))
    const swapped = swapsSides(video.orientation)
    const header = {
      frames: pictures.length,
      size: plan.size,
      timesMs: pictures.map(({ pts }) => Math.max(0, Math.round(Number(pts - video.startPts) * video.unit * 1_000))),
      durationMs: Math.round(durationSeconds * 1_000),
      width: swapped ? video.height : video.width,
      height: swapped ? video.width : video.height,
      packetsDecoded: video.packetsDecoded,
      damaged: Math.min(1, video.packetsDamaged / Math.max(1, video.packetsDecoded)),
      ...(video.codec === null ? {} : { codec: video.codec }),
      tensorBytes: tensor.length,
    }
    return { kind: 'frames', header, body: Buffer.concat([tensor, await filmstrip(pictures)]) }
  } finally {
    await video.close()
  }
})
