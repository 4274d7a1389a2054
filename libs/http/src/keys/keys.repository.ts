import { Injectable } from '@nestjs/common'
import { KeyScope } from '@reeltag/contracts'
import { Database, newId } from '@reeltag/platform'

export interface KeyRow {
  readonly id: string
  readonly workspaceId: string
  readonly scopes: readonly KeyScope[]
}

export interface KeySummary {
  readonly prefix: string
  readonly name: string
  readonly workspace: string
  readonly workspaceId: string
  readonly scopes: readonly string[]
  readonly createdAt: Date
  readonly revokedAt: Date | null
}

@Injectable()
export class KeysRepository {
  constructor(private readonly db: Database) {}

  /** The workspace of that name, made where there is none. */
  async ensureWorkspace(name: string, pack: string): Promise<string> {
    const { id } = await this.db.prisma.workspace.upsert({
      where: { name },
      create: { id: newId(), name, pack },
      update: {},
    })
    return id
  }

  /** An existing key is left unchanged, because a restart must not restore a revoked key. */
  async insert(key: {
    workspaceId: string
    name: string
    prefix: string
    hash: Buffer
    scopes: readonly KeyScope[]
  }): Promise<void> {
    const { workspaceId, name, prefix, scopes } = key
    const hash = new Uint8Array(key.hash)
    await this.db.prisma.apiKey.upsert({
      where: { hash },
      create: { id: newId(), workspaceId, name, prefix, hash, scopes: [...scopes] },
      update: {},
    })
  }

  async findActive(hash: Buffer): Promise<KeyRow | undefined> {
    const row = await this.db.prisma.apiKey.findFirst({ where: { hash: new Uint8Array(hash), revokedAt: null } })
    return row === null
      ? undefined
      : { id: row.id, workspaceId: row.workspaceId, scopes: row.scopes.flatMap(knownScope) }
  }

  async list(): Promise<KeySummary[]> {
    const rows = await this.db.prisma.apiKey.findMany({ include: { workspace: true }, orderBy: { createdAt: 'asc' } })
    return rows.map(({ prefix, name, workspace, scopes, createdAt, revokedAt }) => ({
      prefix,
      name,
      scopes,
      createdAt,
      revokedAt,
      workspace: workspace.name,
      workspaceId: workspace.id,
    }))
  }

  /** @returns how many keys were revoked */
  async revoke(prefix: string): Promise<number> {
    const { count } = await this.db.prisma.apiKey.updateMany({
      where: { prefix, revokedAt: null },
      data: { revokedAt: new Date() },
    })
    return count
  }
}

/** A key may have been made by a newer version, with scopes that mean nothing here. */
const knownScope = (text: string): KeyScope[] => {
  const scope = KeyScope.safeParse(text)
  return scope.success ? [scope.data] : []
}
