import type { Fleet } from '../fleet.js'
import type { RunningPlatform } from '../running-platform.js'

/** A platform of either size. */
export type Platform = RunningPlatform | Fleet
