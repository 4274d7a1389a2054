import { describe, expect, it } from '@jest/globals'
import { pipeline } from './stages.js'
import { maskOf, streamsOf } from './streams.js'

describe('streams', () => {
  it('are read from the table of stages, with the inputs of the head that take them', () => {
    const streams = streamsOf(pipeline).map(({ stage, stream }) => [stage, stream])
    expect(streams).toEqual([
      ['embed-text', { name: 'text', input: 'text_tokens', mask: 'text_mask' }],
      ['embed-frames', { name: 'video', input: 'frames', mask: 'frame_mask' }],
    ])
  })

  it('have one mask, in whatever order they are named', () => {
    expect(maskOf(['video', 'text'])).toBe('text+video')
    expect(maskOf(new Set(['text', 'video']))).toBe('text+video')
    expect(maskOf(['video', 'motion', 'text'])).toBe('motion+text+video')
    expect(maskOf(['video'])).toBe('video')
  })
})
