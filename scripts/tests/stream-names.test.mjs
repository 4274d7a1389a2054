// Streams have names in the table of stages. What writes such a name elsewhere would not know of a new one.
import { pipeline, streamsOf } from '@reeltag/contracts'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

const root = path.resolve(import.meta.dirname, '../..')
const table = 'libs/contracts/src/pipeline/stages.ts'

/** What may write one of these words, and what it means there. */
const known = {
  'libs/contracts/src/pipeline/define-stage.ts': 'what a content may be submitted with',
  'libs/contracts/src/contents/results.ts': 'modalities of released predictions',
  'libs/packs/src/upcast.ts': 'packs of format 1, and the versions of released results',
  'libs/pipeline/src/stages/accept-contents.ts': 'what a content was submitted with',
  'libs/platform/src/blobs/blobs.ts': 'the role of a blob',
  'apps/gateway/src/contents/contents.repository.ts': 'the role of a blob',
  'apps/policies/src/labels/labels.repository.ts': 'the role of a blob',
  'apps/gateway/src/contents/content-view.ts': 'the video of a released view',
}

const sources = (folder) =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(spec|fixture)\.ts$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => /^(libs|apps)\/(?!testing\/)[^/]+\/src\//.test(file) && !file.includes('/generated/'))

const words = streamsOf(pipeline).flatMap(({ stream: { name, mask } }) => [name, mask])
const written = new RegExp(`(['"])(${words.join('|')})\\1`, 'g')
const namesIn = (file) =>
  [...fs.readFileSync(path.join(root, file), 'utf8').matchAll(written)].map(([, , word]) => word)

test('names of streams stand in the table of stages, and where released words are read', () => {
  const files = [...sources('libs'), ...sources('apps')]
  const others = files.filter((file) => file !== table && !(file in known) && namesIn(file).length > 0)
  assert.deepEqual(others, [], 'take the name from streamsOf(pipeline), or from the stage: embedFrames.stream.name')
  assert.deepEqual([...new Set(namesIn(table))].sort(), words.toSorted())
  assert.deepEqual(
    Object.keys(known).filter((file) => namesIn(file).length === 0),
    [],
    'no longer needs to be listed',
  )
})
