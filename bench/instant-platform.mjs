// A platform whose stages answer at once, in a process of its own: everything is real but the work. Told by messages
// what to do; see InstantPlatform in instant.mjs.
import 'reflect-metadata'
import {
  classify,
  embedFrames,
  embedText,
  framesSampledV1,
  reviewRequestedV1,
  sampleFrames,
  tagsPredictedV1,
  tagsPublishedV1,
} from '@reeltag/contracts'
import { createRuntime, PredictionsRepository, recording } from '@reeltag/pipeline'
import { outgoing } from '@reeltag/events'
import { loadConfig, newId } from '@reeltag/platform'
import { openFoundation } from '../apps/reeltag/dist/process/foundation.js'
import { startService } from '../apps/reeltag/dist/process/services.js'
import { openSurroundings } from '../apps/reeltag/dist/process/surroundings.js'
import { versions } from './starter-versions.mjs'

const sha256 = 'a'.repeat(64)
const frames = { frames: 4, timesMs: [0, 3_750, 7_500, 11_250], durationMs: 15_000 }
const sampled = {
  ...frames,
  framesSha256: sha256,
  filmstripSha256: sha256,
  size: 96,
  width: 720,
  height: 1280,
  decoded: true,
}
/** @type {import('@reeltag/contracts').Prediction['tags']} */
const tags = [
  {
    facet: 'subject',
    path: 'animal/cat',
    confidence: 0.93,
    status: 'published',
    names: [
      { zh: '动物', en: 'animal' },
      { zh: '猫', en: 'cat' },
    ],
  },
]
/** Of a facet with 128 leaves. */
const scores = { facets: ['subject'], logits: [Buffer.alloc(256, 0x3c)] }
const predictions = new PredictionsRepository()
const graceMs = 10_000

/** @returns {import('@reeltag/pipeline').FinishedStage} */
const concludes = ({ contentId, workspaceId, attempt, inputHash }) => {
  const id = newId()
  const verdict = { decision: /** @type {const} */ ('published-ancestor'), tags, versions }
  const data = { contentId, predictionId: id, ...verdict }
  return {
    output: { predictionId: id },
    contentState: 'in_review',
    durable: true,
    record: recording(predictions.insert, ({ revision }) => ({
      id,
      contentId,
      workspaceId,
      attempt,
      inputHash,
      revision,
      ...verdict,
      scores,
      mask: 'text+video',
      modalities: /** @type {('video' | 'text')[]} */ (['video', 'text']),
    })),
    events: ({ revision }) => [
      outgoing(tagsPredictedV1, { ...data, revision }),
      outgoing(tagsPublishedV1, { ...data, revision }),
      outgoing(reviewRequestedV1, { ...data, revision, reason: 'ancestor-only' }),
    ],
  }
}

const events =
  ({ contentId }) =>
  () => [outgoing(framesSampledV1, { contentId, ...frames })]
/** @type {[import('@reeltag/contracts').StageDefinition<any>, (task: any) => import('@reeltag/pipeline').FinishedStage][]} */
const handlers = [
  [sampleFrames, (task) => ({ output: sampled, events: events(task) })],
  [embedFrames, () => ({ output: { embeddingId: newId(), encoded: true } })],
  [embedText, () => ({ output: { embeddingId: newId(), encoded: true } })],
  [classify, concludes],
]

const config = loadConfig(process.env)
const foundation = await openFoundation(await openSurroundings(config, new AbortController().signal))
const runtime = await createRuntime(foundation)
const mine = handlers.filter(([{ job }]) => config.services.includes(job.service))
for (const [{ job: definition }, handle] of mine) {
  runtime.handlers.add({ definition, concurrency: 32, handle: (task) => Promise.resolve(handle(task)) })
}
const services = []
for (const name of /** @type {const} */ (['review', 'gateway'])) {
  if (config.services.includes(name)) services.push(await startService(name, runtime))
}
runtime.start()
foundation.health.ready()

const accept = async ({ workspaceId, contents, atOnce }) => {
  let left = contents
  const loop = async () => {
    while (left-- > 0) {
      /** @type {import('@reeltag/pipeline').NewContent} */
      const content = {
        id: newId(),
        workspaceId,
        externalId: null,
        pack: 'starter/2.0.0',
        traceparent: null,
        submission: { title: '小猫在玩', language: 'zh' },
        video: { sha256, bytes: 1 },
        inputHash: sha256,
      }
      await runtime.stages.accept(content)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, loop))
}

process.on('message', (/** @type {{ workspaceId: string, contents: number, atOnce: number }} */ message) => {
  void accept(message).then(() => process.send({ accepted: message.contents }))
})
process.on('disconnect', () => {
  void (async () => {
    await runtime.stop(graceMs)
    for (const service of services) await service.close(graceMs)
    await foundation.close()
    process.exit(0)
  })()
})
process.send({ url: services.at(-1)?.url })
