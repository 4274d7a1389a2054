import { isErrorCode, ReeltagError } from '@reeltag/contracts'
import { PackLabelsReader } from '@reeltag/packs'
import { PackServer } from '@reeltag/inference'
import type { Config } from '@reeltag/platform'
import type { PackLoads, ServicePackLoad } from '@reeltag/pipeline'
import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 250

/**
 * Checks files, checksums, whether the models match, and the leaves of the taxonomy.
 * @throws the code of the first problem
 */
export const verifyPack = async (packs: PackServer, ref: string): Promise<void> => {
  await new PackLabelsReader(packs).of(ref)
}

/** Opens and warms every model on the device of this configuration. */
export const openPack = async (models: Config['models'], ref: string): Promise<void> => {
  const packs = new PackServer(models, models)
  try {
    await verifyPack(packs, ref)
    await packs.openAll(ref)
  } finally {
    await packs.close()
  }
}

export interface BringUp {
  readonly models: Config['models']
  readonly loads: PackLoads
  readonly actor: string
  readonly waitSeconds: number
  readonly print: (line: string) => void
}

/**
 * Makes every process that serves models load a pack in addition to its current ones, then runs `enforce`. If one
 * process cannot load the pack, nothing changes and its error is thrown.
 * @throws the refusing process's code, PACK_NOT_READY
 */
export const bringUp = async (parts: BringUp, ref: string, enforce: () => Promise<void>): Promise<void> => {
  const { models, loads, actor, print } = parts
  await verifyPack(new PackServer(models, models), ref)
  if ((await loads.all()).length === 0) {
    print('no process serves models now: this command opens the pack itself')
    await openPack(models, ref)
    return enforce()
  }
  const requestId = await loads.request(ref, actor)
  try {
    await waitUntilReady(parts, ref, requestId)
    await enforce()
  } finally {
    await loads.settle(requestId)
  }
}

const waitUntilReady = async ({ loads, waitSeconds, print }: BringUp, ref: string, requestId: string) => {
  const deadline = performance.now() + waitSeconds * 1_000
  const told = new Set<string>()
  for (;;) {
    const rows = await loads.all()
    const answers = rows.filter((row) => row.pack === ref && row.requestId === requestId)
    for (const row of answers) {
      const line = `${row.service} ${row.instance.slice(-6)}: ${row.state}`
      if (!told.has(line)) print(line)
      told.add(line)
      if (row.state === 'refused') throw refusal(row)
    }
    const waiting = unanswered(rows, answers)
    if (waiting.length === 0) return
    if (performance.now() > deadline)
      throw new ReeltagError('PACK_NOT_READY', `${waiting.join(', ')} did not load ${ref} within ${waitSeconds} s`)
    await sleep(pollMs)
  }
}

const unanswered = (rows: readonly ServicePackLoad[], answers: readonly ServicePackLoad[]): string[] => {
  const name = ({ service, instance }: ServicePackLoad): string => `${service} ${instance.slice(-6)}`
  const ready = new Set(answers.filter(({ state }) => state === 'ready').map(name))
  return [...new Set(rows.map(name))].filter((it) => !ready.has(it))
}

const refusal = ({ service, errorCode, errorDetail }: ServicePackLoad): ReeltagError => {
  const code = errorCode !== undefined && isErrorCode(errorCode) ? errorCode : 'INTERNAL'
  return new ReeltagError(code, `${service} cannot load it: ${errorDetail ?? ''}`)
}
