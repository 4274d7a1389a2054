import { Injectable } from '@nestjs/common'
import { ReeltagError, keyScopes, type KeyScope } from '@reeltag/contracts'
import { randomBytes } from 'node:crypto'
import type { Access } from '../access/principal.js'
import { hashOf } from '../sessions/secrets.js'
import { KeysRepository, type KeySummary } from './keys.repository.js'

const cacheMs = 5_000
const cacheMax = 10_000
const prefixLength = 8

/**
 * API keys. A key is 32 random bytes, so it is safe to look it up by its plain SHA-256. It cannot be guessed, and a
 * slow hash would only slow down every request.
 */
@Injectable()
export class KeysService {
  /** A revoked key works for at most this long elsewhere in the cluster. */
  private readonly cache = new Map<string, { readonly access: Access; readonly until: number }>()

  constructor(private readonly keys: KeysRepository) {}

  /** @returns the key; it is shown once and cannot be recovered */
  async create(options: {
    workspace: string
    pack: string
    name: string
    scopes: readonly KeyScope[]
  }): Promise<string> {
    const prefix = randomBytes(prefixLength / 2).toString('hex')
    const key = `rt_${prefix}_${randomBytes(32).toString('base64url')}`
    await this.store(key, prefix, options)
    return key
  }

  /** Makes the key that the operator chose, with every scope, in the workspace `default`. */
  async ensureBootstrap(key: string, pack: string): Promise<void> {
    const prefix = hashOf(key).toString('hex').slice(0, prefixLength)
    await this.store(key, prefix, { workspace: 'default', pack, name: 'bootstrap', scopes: keyScopes })
  }

  /** @throws KEY_INVALID */
  async authenticate(key: string): Promise<Access> {
    const hash = hashOf(key)
    const name = hash.toString('hex')
    const cached = this.cache.get(name)
    if (cached !== undefined && cached.until > performance.now()) return cached.access
    const row = await this.keys.findActive(hash)
    if (row === undefined) throw new ReeltagError('KEY_INVALID', 'there is no such key')
    const access = { workspaceId: row.workspaceId, actor: `key:${row.id}`, scopes: new Set(row.scopes) }
    if (this.cache.size >= cacheMax) this.cache.clear()
    this.cache.set(name, { access, until: performance.now() + cacheMs })
    return access
  }

  list(): Promise<KeySummary[]> {
    return this.keys.list()
  }

  async revoke(prefix: string): Promise<void> {
    if ((await this.keys.revoke(prefix)) === 0)
      throw new ReeltagError('NOT_FOUND', `there is no active key with prefix ${prefix}`)
    this.cache.clear()
  }

  private async store(
    key: string,
    prefix: string,
    options: { workspace: string; pack: string; name: string; scopes: readonly KeyScope[] },
  ): Promise<void> {
    const workspaceId = await this.keys.ensureWorkspace(options.workspace, options.pack)
    await this.keys.insert({ workspaceId, name: options.name, prefix, hash: hashOf(key), scopes: options.scopes })
  }
}
