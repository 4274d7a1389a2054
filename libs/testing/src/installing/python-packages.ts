import path from 'node:path'
import { installOnce } from './install-once.js'
import { runTool } from './run-tool.js'

/** A Python of its own that has one package, kept in the user's cache. @param requirement `name==version` @returns the interpreter */
export const pythonWith = async (requirement: string): Promise<string> => {
  const folder = await installOnce(`python-${requirement.replace('==', '-')}`, async (draft) => {
    const venv = path.join(draft, 'venv')
    await runTool('python3', ['-m', 'venv', '--copies', venv])
    await runTool(path.join(venv, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--no-deps', requirement])
  })
  return path.join(folder, 'venv/bin/python')
}
