import { describe, expect, it } from '@jest/globals'
import { ReeltagError } from '@reeltag/contracts'
import { PackWatcher, type PackWatcherParts } from './pack-watcher.js'

type Loads = Parameters<PackWatcherParts['loads']['report']>[0]

/** A service whose packs open, except those that are broken. */
const watch = () => {
  const state = {
    wanted: [{ pack: 'a', requestId: null as string | null }],
    needed: [] as string[],
    held: ['a'],
    broken: new Set<string>(),
    retained: [] as string[][],
    opened: [] as string[],
    reported: [] as Loads,
  }
  const logger = { info: () => undefined, warn: () => undefined }
  const watcher = new PackWatcher({
    loads: {
      wanted: async () => state.wanted,
      needed: async () => state.needed,
      report: async (loads) => void (state.reported = [...loads]),
    },
    packs: {
      get held() {
        return state.held
      },
      retain: async (wanted) => {
        state.retained.push([...wanted].sort())
        return []
      },
    },
    open: async (pack) => {
      state.opened.push(pack)
      if (state.broken.has(pack)) throw new ReeltagError('PACK_INVALID', 'not what it was')
    },
    own: 'own',
    logger,
  })
  /** One look at what is wanted, what that starts, and the next look. */
  const twice = async (): Promise<Loads> => {
    await watcher.work()
    await new Promise(setImmediate)
    await watcher.work()
    return state.reported
  }
  return { state, twice }
}

describe('PackWatcher', () => {
  it('opens what is wanted once, and says that it is ready', async () => {
    const { state, twice } = watch()
    expect(await twice()).toEqual([{ pack: 'a', requestId: null, state: 'ready' }])
    await twice()
    expect(state.opened).toEqual(['a'])
  })

  it('says at once that what is here is ready, and opens nothing for it', async () => {
    const { state, twice } = watch()
    await twice()
    state.wanted = [{ pack: 'a', requestId: 'asked' }]
    expect(await twice()).toEqual([{ pack: 'a', requestId: 'asked', state: 'ready' }])
    expect(state.opened).toEqual(['a'])
  })

  it('says why a pack is refused, and tries again when somebody asks again', async () => {
    const { state, twice } = watch()
    state.broken.add('b')
    state.wanted.push({ pack: 'b', requestId: 'first' })
    const refused = { pack: 'b', requestId: 'first', state: 'refused', errorCode: 'PACK_INVALID' }
    expect((await twice())[1]).toMatchObject(refused)
    await twice()
    expect(state.opened).toEqual(['a', 'b'])
    state.broken.clear()
    state.wanted[1] = { pack: 'b', requestId: 'second' }
    expect((await twice())[1]).toEqual({ pack: 'b', requestId: 'second', state: 'ready' })
  })

  it('keeps what contents under way need, and what the service answers for', async () => {
    const { state, twice } = watch()
    state.held = ['a', 'old', 'older', 'own']
    state.needed = ['old']
    await twice()
    expect(state.retained.at(-1)).toEqual(['a', 'old', 'own'])
  })
})
