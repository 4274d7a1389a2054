import { createHash, randomBytes } from 'node:crypto'

/** 32 random bytes for a session or a link. Nobody can guess it, so its plain SHA-256 is safe to look it up by. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
