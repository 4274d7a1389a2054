// Reads the Dockerfile as far as ours goes: stages with their instructions, in order.
import fs from 'node:fs'
import path from 'node:path'
import { cloneFolder } from './clone-folder.js'

const file = path.join(cloneFolder, 'Dockerfile')

export interface Instruction {
  readonly verb: string
  readonly rest: string
}

export interface Stage {
  readonly name: string
  /** The image or the stage that it is built from. */
  readonly from: string
  readonly instructions: Instruction[]
}

export type Stages = ReadonlyMap<string, Stage>

const logicalLines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** @returns stages by name */
export const readDockerfile = (text = fs.readFileSync(file, 'utf8')): Stages => {
  const stages = new Map<string, Stage>()
  let current: Stage | undefined
  for (const line of logicalLines(text)) {
    const [, verb = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (verb === 'FROM') {
      const [, from = '', name = ''] = /^(\S+) AS (\S+)$/.exec(rest) ?? []
      current = { name, from, instructions: [] }
      stages.set(name, current)
    } else current?.instructions.push({ verb, rest })
  }
  return stages
}

/** The variables of a stage and of those it is built from. */
export const environmentOf = (stages: Stages, name: string): Record<string, string> => {
  const stage = stages.get(name)
  if (stage === undefined) return {}
  const own = stage.instructions
    .filter(({ verb }) => verb === 'ENV')
    .flatMap(({ rest }) => rest.split(/\s+/))
    .map((pair) => pair.split('=') as [string, string])
  return { ...environmentOf(stages, stage.from), ...Object.fromEntries(own) }
}

/** The instruction of a kind that holds in a stage: its own last one, or that of what it is built from. */
export const effective = (stages: Stages, name: string, verb: string): string | undefined => {
  const stage = stages.get(name)
  if (stage === undefined) return undefined
  return stage.instructions.findLast((it) => it.verb === verb)?.rest ?? effective(stages, stage.from, verb)
}
