import type { Service } from '@reeltag/pipeline'

/** What is known to be true of contents, the policies that stand on it, and whether they keep their promise. */
export const policies: Service = { name: 'policies' }
