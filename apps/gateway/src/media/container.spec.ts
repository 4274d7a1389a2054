import { describe, expect, it } from '@jest/globals'
import { containerBytes, containerOf, isPlayable } from './container.js'

const start = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat([...parts.map((part) => Buffer.from(part as string, 'latin1')), Buffer.alloc(containerBytes)])
const transport = Buffer.alloc(containerBytes)
transport[0] = transport[188] = 0x47

describe('containerOf', () => {
  it.each([
    ['video/mp4', true, start([0, 0, 0, 32], 'ftypisom')],
    ['video/quicktime', false, start([0, 0, 0, 20], 'ftypqt  ')],
    ['video/3gpp', false, start([0, 0, 0, 20], 'ftyp3gp4')],
    ['video/webm', true, start([0x1a, 0x45, 0xdf, 0xa3], [0x42, 0x82, 0x84], 'webm')],
    ['video/x-matroska', false, start([0x1a, 0x45, 0xdf, 0xa3], [0x42, 0x82, 0x88], 'matroska')],
    ['video/x-msvideo', false, start('RIFF', [1, 2, 3, 4], 'AVI LIST')],
    ['video/x-flv', false, start('FLV', [1])],
    ['video/x-ms-asf', false, start([0x30, 0x26, 0xb2, 0x75])],
    ['video/mpeg', false, start([0, 0, 1, 0xba])],
    ['video/mp2t', false, transport],
    ['application/octet-stream', false, start('<!doctype html><script>')],
    ['application/octet-stream', false, Buffer.from('x')],
    ['application/octet-stream', false, Buffer.alloc(0)],
  ])('knows %s', (mime, playable, bytes) => {
    expect(containerOf(bytes)).toEqual({ mime, playable })
  })
})

describe('isPlayable', () => {
  it('asks the container and the codec, where it is known', () => {
    const [mp4, avi] = [
      { mime: 'video/mp4', playable: true },
      { mime: 'video/x-msvideo', playable: false },
    ]
    const answers = [
      isPlayable(mp4, 'h264'),
      isPlayable(mp4, undefined),
      isPlayable(mp4, 'hevc'),
      isPlayable(avi, 'h264'),
    ]
    expect(answers).toEqual([true, true, false, false])
  })
})
