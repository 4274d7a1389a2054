// Alert rules are sound, fire when they should and are explained; what they and the dashboard ask for is measured.
// Needs promtool (Debian: prometheus); without it the rules' own tests are left out, and REELTAG_REQUIRE_ALL=1 forbids.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'

const root = path.resolve(import.meta.dirname, '..')
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8')
const problems = []

const { groups } = parse(read('k8s/reeltag/monitoring/alerts.yaml'))
const rules = groups.flatMap((group) => group.rules)
const runbook = read('docs/operations/troubleshoot.md')
const tests = read('scripts/monitoring/alerts.test.yaml')
for (const { alert, annotations } of rules) {
  if (!runbook.includes(`\`${alert}\``))
    problems.push(`docs/operations/troubleshoot.md does not say what ${alert} means`)
  if (!tests.includes(`alertname: ${alert}\n`)) problems.push(`no test fires ${alert}`)
  if (!annotations.summary || !annotations.summary_zh) problems.push(`${alert} speaks one language`)
}

const alerts = new Set(rules.map(({ alert }) => alert))
for (const [, name] of runbook.matchAll(/^\| `(Reeltag\w+)`/gm))
  if (!alerts.has(name)) problems.push(`docs/operations/troubleshoot.md explains ${name}, and no rule has that name`)

const promtool = (...args) => spawnSync('promtool', args, { cwd: root, encoding: 'utf8' })
if (promtool('--version').error === undefined) {
  for (const args of [
    ['check', 'rules', 'k8s/reeltag/monitoring/alerts.yaml'],
    ['test', 'rules', 'scripts/monitoring/alerts.test.yaml'],
  ]) {
    const { status, stdout, stderr } = promtool(...args)
    if (status !== 0) problems.push(`promtool ${args.join(' ')}:\n${stdout}${stderr}`)
  }
} else if (process.env.REELTAG_REQUIRE_ALL === '1')
  problems.push('promtool is missing (Debian: apt install prometheus)')
else console.log('rules not tried: promtool is missing (Debian: apt install prometheus)')

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(`${rules.length} alerts are tested and explained`)
