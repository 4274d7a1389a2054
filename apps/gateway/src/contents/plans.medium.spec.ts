import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { pipeline } from '@reeltag/contracts'
import { Outbox } from '@reeltag/events'
import { StageStore } from '@reeltag/pipeline'
import { openBlobs } from '@reeltag/platform'
import { openFilledDatabase, type ExplainingDatabase, type FilledDatabase } from '@reeltag/testing'
import { ContentsRepository } from './contents.repository.js'

const contents = 20_000
const nowhere = { address: { kind: 'folder' as const, folder: '/nowhere' }, spoolFolder: '/nowhere' }

describe('plans of what people ask for on a filled database', () => {
  let filled: FilledDatabase
  let db: ExplainingDatabase
  let workspaceId: string
  beforeAll(async () => {
    filled = await openFilledDatabase(contents)
    ;({ db, workspaceId } = filled)
  })
  afterAll(async () => {
    await filled.close()
  })

  it('finds and lists contents by indexes, also on a late page and in a rare state', async () => {
    const repository = new ContentsRepository(
      db,
      new StageStore(db, new Outbox(), pipeline),
      await openBlobs(nowhere, db),
    )
    const first = await repository.list(workspaceId, {}, 20, undefined)
    expect(first).toHaveLength(21)
    const [late] = await db.query<{ id: string; created_at: Date }>(
      `SELECT id, created_at FROM contents WHERE workspace_id = $1 ORDER BY created_at LIMIT 1 OFFSET 50`,
      [workspaceId],
    )
    const cursor = { createdAt: late?.created_at.toISOString() ?? '', id: late?.id ?? '' }
    await repository.list(workspaceId, {}, 20, cursor)
    expect(await repository.list(workspaceId, { state: 'failed' }, 20, undefined)).toHaveLength(21)
    await repository.list(workspaceId, { state: 'processing' }, 20, undefined)
    await repository.list(workspaceId, { externalId: 'video-7' }, 20, undefined)
    // Every second content, and none: a walk by time for the one, the index of nodes for the other.
    expect(await repository.list(workspaceId, { node: 'subject:animal' }, 20, undefined)).toHaveLength(21)
    expect(await repository.list(workspaceId, { node: 'subject:plant' }, 20, undefined)).toEqual([])
    const day = { from: late?.created_at.toISOString(), to: new Date(Date.now() - 86_400_000).toISOString() }
    expect(await repository.list(workspaceId, { ...day, node: 'subject:animal/cat' }, 20, undefined)).toHaveLength(21)
    expect(await repository.list(workspaceId, { q: '拍到的第199' }, 20, undefined)).toHaveLength(21)
    expect(await repository.searchedTo(workspaceId, { q: '拍到' }, undefined)).toBeDefined()
    expect(await repository.history(cursor.id)).toHaveLength(1)
    await repository.find(workspaceId, cursor.id)
    await repository.findRepeated({
      workspaceId,
      externalId: 'video-7',
      pack: '',
      submission: { title: 'x', language: 'zh' },
      video: null,
      inputHash: '',
      traceparent: null,
    })
    await repository.stagesOf(cursor.id)
    expect(db.scans).toEqual([])
    expect(db.explained).toBeGreaterThan(13)
  })
})
