import path from 'node:path'
import { runTool } from './run-tool.js'

/**
 * Makes a virtual environment and installs exactly these packages into it. Everything is pinned: the dependencies of the
 * packages, which are left out, would bring hundreds of megabytes that no test uses.
 * @param packages arguments of `pip install`, such as `name==version` or `-r file`
 * @returns the interpreter
 */
export const makeVenv = async (folder: string, packages: readonly string[], flags: readonly string[] = []) => {
  const python = path.join(folder, 'bin/python')
  await runTool('python3', ['-m', 'venv', ...flags, folder])
  await runTool(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', ...packages])
  return python
}
