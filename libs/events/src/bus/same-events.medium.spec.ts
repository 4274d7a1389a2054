import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { EventsFixture } from '../events.fixture.js'
import { SameEvents } from './same-events.js'

describe('where the events of a platform go', () => {
  let fixture: EventsFixture
  beforeAll(async () => {
    fixture = await EventsFixture.open()
  })
  afterAll(() => fixture.close())
  beforeEach(() => fixture.db.query('DELETE FROM shared_stores'))

  const of = (identity: string | undefined): SameEvents =>
    new SameEvents(fixture.db, { identity: () => Promise.resolve(identity) })
  const silentFor = (seconds: number) =>
    fixture.db.query(`UPDATE shared_stores SET seen_at = now() - $1 * interval '1 second'`, [seconds])
  const refusal = { code: 'KAFKA_DIFFERS', message: expect.stringMatching(/events go to "one", and .* has "two"/) }

  it('is said by who leads; who has another place neither leads nor is ready', async () => {
    await of('one').lead()
    await expect(of('one').check()).resolves.toBeUndefined()
    await expect(of('one').lead()).resolves.toBeUndefined()
    await expect(of('two').check()).rejects.toMatchObject(refusal)
    await silentFor(20)
    await expect(of('two').lead()).rejects.toMatchObject(refusal)
  })

  it('changes when those that had the old place have been silent for half a minute', async () => {
    await of('one').lead()
    await silentFor(31)
    await of('two').lead()
    await expect(of('two').check()).resolves.toBeUndefined()
    await expect(of('one').check()).rejects.toMatchObject({ code: 'KAFKA_DIFFERS' })
  })

  it('is asked again by a leader that led before', async () => {
    const [first, second] = [of('one'), of('two')]
    await first.lead()
    await silentFor(31)
    await second.lead()
    first.begin()
    await expect(first.lead()).rejects.toMatchObject({ code: 'KAFKA_DIFFERS' })
  })

  it('is nobody’s fault while Kafka is away', async () => {
    await of('one').lead()
    await expect(of(undefined).lead()).resolves.toBeUndefined()
    await expect(of(undefined).check()).resolves.toBeUndefined()
  })
})
