import { pinyin } from 'pinyin-pro'
import type { Romanise } from './node-search.js'

/** In a file of its own, because its dictionary is larger than the rest of the search. */
export const romanise: Romanise = (text) => ({
  full: pinyin(text, { toneType: 'none', separator: '', v: true }),
  initials: pinyin(text, { pattern: 'first', toneType: 'none', separator: '', v: true }),
})
