import path from 'node:path'
import { installOnce } from './install-once.js'
import { makeVenv } from './python-venv.js'

/** A Python of its own that has one package, kept in the user's cache. @param requirement `name==version` @returns the interpreter */
export const pythonWith = async (requirement: string): Promise<string> => {
  const folder = await installOnce(`python-${requirement.replace('==', '-')}`, async (draft) => {
    await makeVenv(path.join(draft, 'venv'), [requirement], ['--copies'])
  })
  return path.join(folder, 'venv/bin/python')
}
