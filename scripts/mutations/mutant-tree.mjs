// In a copy of the built tree one source at a time is changed, and the tests that must notice are run.
import fs from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { jest, run } from '../test/command.mjs'
import { emittedFile } from '../test/copied-tree.mjs'
import { mutated } from './mutations.mjs'

/** A mutant that waits for ever is noticed too: by the reader of the suite who has to stop it. */
const testLimitMs = 8 * 60_000

/** @returns the TypeScript as tsc emits it, types unchecked: a mutant need not compile to be one */
const emit = (root, file, text) => {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root)
  const { outputText } = ts.transpileModule(text, {
    fileName: path.join(root, file),
    compilerOptions: {
      ...options,
      composite: false,
      incremental: false,
      declaration: false,
      declarationMap: false,
      // Alone with a text, TypeScript does not see the package.json that makes it an ES module.
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    },
  })
  return outputText
}

/** Changes a source in a tree. @returns {() => void} what puts it back */
export const apply = (root, mutation) => {
  const source = path.join(root, mutation.file)
  const text = fs.readFileSync(source, 'utf8')
  const changed = mutated(text, mutation)
  const target = mutation.file.endsWith('.ts') ? path.join(root, emittedFile(mutation.file)) : source
  const before = fs.readFileSync(target)
  fs.writeFileSync(target, target === source ? changed : emit(root, mutation.file, changed))
  return () => fs.writeFileSync(target, before)
}

/** @returns whether the tests failed, and what they printed; throws where none ran */
export const runTests = async (root, tests) => {
  const python = tests.filter((test) => test.split('::')[0].endsWith('.py'))
  const node = tests.filter((test) => test.endsWith('.mjs'))
  const specs = tests.filter((test) => test.endsWith('.ts'))
  const results = []
  if (specs.length > 0) results.push(await runSpecs(root, specs))
  if (node.length > 0)
    results.push(await run(process.execPath, ['--test', ...node], { folder: root, limitMs: testLimitMs }))
  if (python.length > 0) results.push(await runPytest(root, python))
  return { failed: results.some(({ status }) => status !== 0), output: results.map(({ output }) => output).join('\n') }
}

const runSpecs = async (root, specs) => {
  const report = path.join(root, '../report.json')
  fs.rmSync(report, { force: true })
  const files = specs.map((spec) => path.join(root, emittedFile(spec)))
  const args = [...jest, '--json', '--outputFile', report, '--forceExit', '--runInBand', '--runTestsByPath', ...files]
  const result = await run(process.execPath, args, { folder: root, limitMs: testLimitMs })
  const counts = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : undefined
  // A mutant that cannot be loaded is a mistake in the list: its tests have noticed nothing. A hook that breaks or hangs
  // after the tests is another matter: they ran.
  if (counts?.testResults.some(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0))
    throw new Error(`${specs.join(', ')} cannot be loaded:\n${result.output.slice(-2000)}`)
  const ran = counts === undefined || counts.numPassedTests + counts.numFailedTests
  if (ran === 0) throw new Error(`no test of ${specs.join(', ')} ran:\n${result.output.slice(-2000)}`)
  return result
}

const runPytest = async (root, tests) => {
  const python = process.env.REELTAG_TRAINING_PYTHON ?? 'python3'
  const env = { ...process.env, PYTHONPATH: path.join(root, 'training/src'), PYTHONDONTWRITEBYTECODE: '1' }
  const result = await run(python, ['-m', 'pytest', '-q', '-x', '-p', 'no:cacheprovider', ...tests], {
    folder: root,
    env,
    limitMs: testLimitMs,
  })
  if (!/\d+ (passed|failed|error)/.test(result.output))
    throw new Error(`no test of ${tests.join(', ')} ran:\n${result.output.slice(-2000)}`)
  return result
}
