import { createHash } from 'node:crypto'

/**
 * Whether a content belongs to a share of all contents. This depends only on its id, so that every process and every
 * run agrees.
 */
export const isInShare = (contentId: string, share: number): boolean =>
  createHash('sha256').update(contentId).digest().readUInt32BE(0) / 2 ** 32 < share
