// Every benchmark, in the order in which they run. Imported once the code is built.
import { accelerator } from './accelerator.mjs'
import { bookkeeping } from './bookkeeping.mjs'
import { decisions } from './decisions.mjs'
import { encoders } from './encoders.mjs'
import { pipeline } from './pipeline.mjs'
import { relay } from './relay.mjs'
import { redecide } from './redecide.mjs'
import { replay } from './replay.mjs'
import { review } from './review.mjs'
import { routing } from './routing.mjs'
import { sampling } from './sampling.mjs'
import { scale } from './scale.mjs'
import { split } from './split.mjs'
import { videos } from './videos.mjs'

/** @type {Record<string, import('./run-options.mjs').Benchmark>} */
export const benchmarks = {
  sampling,
  pipeline,
  relay,
  bookkeeping,
  split,
  encoders,
  videos,
  scale,
  accelerator,
  decisions,
  replay,
  redecide,
  routing,
  review,
}
