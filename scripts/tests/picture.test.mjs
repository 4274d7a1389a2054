// The README's picture shows what the platform answered, and nothing of it can break the drawing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { draw } from '../picture/draw.mjs'

const names = [
  { zh: '动物', en: 'Animals' },
  { zh: '熊猫', en: 'panda' },
]
const tag = { facet: 'subject', names, confidence: 0.998 }
const motion = { facet: 'motion', names: [{ zh: '向左', en: 'to the left' }], confidence: 0.7 }
const content = (decision, tags, title = '熊猫') => ({
  title,
  titleEn: 'A panda',
  filmstrip: 'data:,',
  result: { decision, tags },
})

test('a published content has its path and its confidence', () => {
  const svg = draw([content('published', [tag, motion])])
  for (const shown of ['published', '动物 › 熊猫', 'Animals › panda', '99.8 %']) assert.ok(svg.includes(shown), shown)
  assert.ok(!svg.includes('to the left'))
})

test('a content for review has its candidates and is not shown as published', () => {
  const svg = draw([content('review', [tag])])
  assert.ok(svg.includes('sent to review') && svg.includes('熊猫 panda') && !svg.includes('published'))
})

test('any title makes a picture', async () => {
  const svg = draw([content('published', [tag], '<b> & "猫"')])
  const { format, width } = await sharp(Buffer.from(svg))
    .png()
    .toBuffer({ resolveWithObject: true })
    .then(({ info }) => info)
  assert.deepEqual([format, width], ['png', 1600])
})
