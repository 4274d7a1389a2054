/** What this is a version of: packs say which they need, logs, metrics and traces which they come from. */
export const reeltagVersion = '0.1.0'
