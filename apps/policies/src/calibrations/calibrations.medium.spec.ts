import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { CalibrationDocument, FitCalibration, PolicyDocument } from '@reeltag/contracts'
import { createLogger, type Database } from '@reeltag/platform'
import { addWorkspace } from '@reeltag/testing'
import { folders, LabelledContents, pack } from '../labelled-contents.fixture.js'
import { openPolicies } from '../policies.module.js'
import { CalibrationRefits } from './calibration-refits.js'

const wanted = (body: object = {}) => FitCalibration.parse(body)
const target = { targets: [{ facet: 'subject', error: 0.1 }], delta: 0.1 }

describe('calibrations', () => {
  let truth: LabelledContents
  let db: Database
  let workspaceId: string
  const actor = 'somebody'
  beforeAll(async () => {
    truth = await LabelledContents.open()
    ;({ db } = truth)
  })
  beforeEach(async () => void (workspaceId = await addWorkspace(db, { pack })))
  afterAll(() => truth.close())

  const open = () => openPolicies(db, folders)
  const fit = (body: object = {}, workspace = workspaceId) =>
    open().calibrations.service.fit({ workspaceId: workspace, actor }, wanted(body))
  const list = () => open().calibrations.repository.list(workspaceId, 10, undefined)
  const told = () =>
    db.query<{ data: object }>(
      `SELECT data FROM outbox WHERE workspace_id = $1 AND name = 'calibration.fitted.v1' ORDER BY id`,
      [workspaceId],
    )

  it('are fitted on the part that no proof uses, reported on what each fit did not see, and told as an event', async () => {
    await truth.fill(workspaceId, { contents: 700, labelled: 600 })
    const made = await fit({ name: 'first', family: 'temperature' })
    expect(made).toMatchObject({ ref: 'first/1', pack, because: 'asked', created_by: actor })
    const { facets, report, evidence, taxonomy } = CalibrationDocument.parse(made.document)
    expect([taxonomy, evidence.labelled]).toEqual(['starter/2', 600])
    const parted = await db.query(
      `SELECT 1 FROM contents c WHERE workspace_id = $1 AND ('x' || left(input_hash, 8))::bit(32)::bigint % 4 = 0
         AND EXISTS (SELECT 1 FROM labels l WHERE l.content_id = c.id)`,
      [workspaceId],
    )
    expect(evidence.calibrated).toBe(parted.length)
    expect(facets['subject']?.masks['video']?.rows).toBe(parted.length)
    expect(facets).not.toHaveProperty('motion')
    const video = report['subject']?.['video']
    expect(video?.rows).toBe(parted.length)
    // The head is much too sure where it errs, and the fit knows.
    expect(video?.after.topEce).toBeLessThan(video?.before.topEce ?? 0)
    expect(video?.after.nll).toBeLessThan(video?.before.nll ?? 0)
    expect(await told()).toMatchObject([
      { data: { calibration: 'first/1', because: 'asked', contents: parted.length, actor } },
    ])
    expect((await fit({ name: 'second', family: 'platt' })).ref).toBe('second/2')
    expect((await list()).map(({ ref, family, contents }) => [ref, family, contents])).toEqual([
      ['second/2', 'platt', parted.length],
      ['first/1', 'temperature', parted.length],
    ])
  })

  it('are named by the policy that stands on them, whether it was given or fitted with the draft', async () => {
    await truth.fill(workspaceId, { contents: 600, labelled: 600 })
    const { service } = open()
    const draft = async (name: string, more: object = {}) => {
      const { document } = await service.draft({ workspaceId, actor }, { name, ...target, ...more })
      return PolicyDocument.parse(document)
    }
    expect((await draft('own')).calibration).toBe('own/1')
    // The same maps are stored once.
    expect((await draft('again')).calibration).toBe('own/1')
    const { ref } = await fit({ name: 'by-hand', family: 'platt' })
    const given = await draft('given', { calibration: ref })
    expect(given.calibration).toBe('by-hand/2')
    const stored = CalibrationDocument.parse((await open().calibrations.repository.get(workspaceId, ref)).document)
    expect(given.facets['subject']?.calibration).toEqual(stored.facets['subject'])
    expect((await list()).map((row) => [row.ref, row.because])).toEqual([
      ['by-hand/2', 'asked'],
      ['own/1', 'draft'],
    ])
  })

  it('are refused with the number that would do, and nothing is stored', async () => {
    await expect(fit()).rejects.toMatchObject({
      code: 'CALIBRATION_REFUSED',
      message: expect.stringContaining('needs 50'),
    })
    await truth.fill(workspaceId, { contents: 80, labelled: 60 })
    await expect(fit()).rejects.toMatchObject({
      code: 'CALIBRATION_REFUSED',
      message: expect.stringMatching(/subject: video has \d+ contents with a label and needs 50/),
      extensions: { faults: [expect.objectContaining({ facet: 'subject', mask: 'video', needs: 50 })] },
    })
    await db.query(`UPDATE labels SET taxonomy = 'starter/1' WHERE workspace_id = $1`, [workspaceId])
    await expect(fit()).rejects.toMatchObject({
      code: 'CALIBRATION_REFUSED',
      message: expect.stringContaining('60 labelled in another version of the tree'),
    })
    expect([await list(), await told()]).toEqual([[], []])
  })

  it('are refused where all contents are of one class, and where the family does not fit the facet', async () => {
    await truth.fill(workspaceId, { contents: 300, labelled: 300, oneClass: true })
    await expect(fit()).rejects.toMatchObject({
      code: 'CALIBRATION_REFUSED',
      message: expect.stringContaining('the same label'),
    })
    await expect(fit({ family: 'vector' })).rejects.toMatchObject({
      code: 'CALIBRATION_REFUSED',
      message: expect.stringContaining('at most 64 classes; there are 205'),
    })
    expect(await list()).toEqual([])
  })

  it('are of one pack: another one in force refuses them, also where it came while they were fitted', async () => {
    await truth.fill(workspaceId, { contents: 400, labelled: 400 })
    const { ref } = await fit()
    const pending = fit()
    // Its rows are read within this time at the earliest, and the fit takes longer than the update.
    await db.query(`UPDATE workspaces SET pack = 'starter/1.0.0' WHERE id = $1`, [workspaceId])
    const outcome = await pending.catch((error: unknown) => error)
    expect(outcome).toMatchObject({ code: expect.stringMatching(/^CALIBRATION_(PACK_DIFFERS|REFUSED)$/) })
    const draft = open().service.draft({ workspaceId, actor }, { name: 'x', ...target, calibration: ref })
    await expect(draft).rejects.toMatchObject({ code: 'CALIBRATION_PACK_DIFFERS' })
    expect((await list()).length).toBe(1)
  })

  it('are not there for another workspace', async () => {
    await truth.fill(workspaceId, { contents: 400, labelled: 400 })
    const { ref, id } = await fit()
    const other = await addWorkspace(db, { pack })
    const { calibrations, plots, service } = open()
    for (const name of [ref, id]) {
      await expect(calibrations.repository.get(other, name)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(plots.reliability(other, name, { lang: 'en' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      const draft = service.draft({ workspaceId: other, actor }, { name: 'x', ...target, calibration: name })
      await expect(draft).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
    expect(await calibrations.repository.list(other, 10, undefined)).toEqual([])
  })

  describe('when new truth comes', () => {
    const refits = (labelsMin = 100) => {
      const { calibrations } = open()
      const logger = createLogger({ level: 'silent' })
      return new CalibrationRefits(calibrations.repository, calibrations.service, labelsMin, logger)
    }
    const mayLookAgain = () => db.query(`DELETE FROM calibration_looks WHERE workspace_id = $1`, [workspaceId])

    it('are fitted again once, by one of several processes, by the same family, and nothing in force changes', async () => {
      await truth.fill(workspaceId, { contents: 400, labelled: 400 })
      await fit({ name: 'mine', family: 'temperature' })
      expect(await refits().look()).toBe(0)
      const { service, repository } = open()
      const policy = await service.draft({ workspaceId, actor }, { name: 'p', ...target, calibration: 'mine/1' })
      await service.replay(workspaceId, policy.id)
      await service.activate({ workspaceId, actor }, policy.id, { replaces: null })

      await truth.fill(workspaceId, { contents: 150, labelled: 150 })
      const fitted = await Promise.all([refits().look(), refits().look(), refits().look()])
      expect(fitted.sort()).toEqual([0, 0, 1])
      expect((await list()).map(({ ref, because, family, created_by: by }) => [ref, because, family, by])).toEqual([
        ['mine/2', 'grown', 'temperature', 'refit'],
        ['mine/1', 'asked', 'temperature', actor],
      ])
      expect(await told()).toMatchObject([{ data: { because: 'asked' } }, { data: { because: 'grown' } }])
      const active = await repository.active(workspaceId)
      expect([active?.ref, PolicyDocument.parse(active?.document).calibration]).toEqual(['p/1', 'mine/1'])
      await mayLookAgain()
      expect(await refits().look()).toBe(0)
    })

    it('stay as they are where the truth grew by too little, in number or in share', async () => {
      await truth.fill(workspaceId, { contents: 400, labelled: 400 })
      await fit()
      await truth.fill(workspaceId, { contents: 60, labelled: 60 })
      expect(await refits(100).look()).toBe(0)
      expect(await refits(10).look()).toBe(0)
      expect((await list()).length).toBe(1)
    })

    it('are not fitted by one who comes late: a newer calibration stays the newest', async () => {
      await truth.fill(workspaceId, { contents: 400, labelled: 400 })
      const { id } = await fit()
      await truth.fill(workspaceId, { contents: 200, labelled: 200 })
      await fit({ name: 'by-hand' })
      const { calibrations } = open()
      expect(await calibrations.service.refit(workspaceId, id, new AbortController().signal)).toBeUndefined()
      expect((await list()).map(({ ref }) => ref)).toEqual(['by-hand/2', 'calibration/1'])
    })

    it('are not fitted before there is a first one', async () => {
      await truth.fill(workspaceId, { contents: 400, labelled: 400 })
      expect(await refits().look()).toBe(0)
      expect(await list()).toEqual([])
    })
  })

  describe('as pictures', () => {
    it('show what was fitted and proven, and say what there is where there is none', async () => {
      await truth.fill(workspaceId, { contents: 700, labelled: 700 })
      const { ref } = await fit()
      const { plots, service } = open()
      const policy = await service.draft({ workspaceId, actor }, { name: 'p', ...target })
      const en = { lang: 'en' } as const
      expect(await plots.reliability(workspaceId, ref, en)).toMatch(/^<svg[^]*Reliability[^]*n = \d+/)
      expect(await plots.reliability(workspaceId, ref, { lang: 'zh', facet: 'subject', mask: 'video' })).toContain(
        '可靠性',
      )
      expect(await plots.riskCoverage(workspaceId, policy.ref, en)).toContain('promised 10 %')
      expect(await plots.thresholds(workspaceId, policy.id, { ...en, rows: 16 })).toMatch(/of n = \d+ wrong/)
      const missing = (told_: string) => ({ code: 'NOT_FOUND', message: expect.stringContaining(told_) })
      await expect(plots.reliability(workspaceId, ref, { ...en, facet: 'mood' })).rejects.toMatchObject(
        missing('no facet mood; it has subject'),
      )
      await expect(plots.riskCoverage(workspaceId, policy.id, { ...en, mask: '__proto__' })).rejects.toMatchObject(
        missing('it has video'),
      )
      await expect(plots.thresholds(workspaceId, 'nobody/1', { ...en, rows: 1 })).rejects.toMatchObject(
        missing('nobody/1'),
      )
      await db.query(`UPDATE policies SET curves = NULL WHERE id = $1`, [policy.id])
      await expect(plots.riskCoverage(workspaceId, policy.id, en)).rejects.toMatchObject(missing('draft it again'))
    })
  })
})
