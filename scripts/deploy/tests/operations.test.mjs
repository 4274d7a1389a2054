import { filledIn, readCompose } from '@reeltag/testing'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { root } from '../../bootstrap.mjs'
import { ofKind, render } from '../chart.mjs'
import { documentedCommands } from '../../documented-commands.mjs'
import { openTools } from '../tools.mjs'

const tools = await openTools()
/** They need Docker, or a cluster. */
const typed = [
  ...documentedCommands('docs/operations/deploy.md', 'compose'),
  ...documentedCommands('docs/operations/deploy.md', 'helm'),
  ...documentedCommands('docs/operations/administer.md', 'restart'),
]
const withValue = new Set(['--scale', '--target'])

const words = (line) => line.split(/\s+/)
const commandsOf = (program) => typed.filter((line) => line.startsWith(`${program} `))

describe('the commands of docs/operations/', () => {
  it('are of programs that are looked at', () => {
    for (const line of typed) assert.match(line, /^(docker compose|helm upgrade|kubectl) /)
  })

  it('name services, sizes and commands that the Compose file has', () => {
    const { services } = readCompose(filledIn)
    for (const line of commandsOf('docker')) {
      const [verb, ...args] = words(line).slice(2)
      assert.ok(['up', 'exec', 'logs'].includes(verb), line)
      const scaled = args.filter((_, index) => args[index - 1] === '--scale').map((pair) => pair.split('=')[0])
      const named = args.filter((word, index) => !word.startsWith('--') && !withValue.has(args[index - 1]))
      for (const service of [...scaled, ...named.slice(0, 1)]) assert.ok(service in services, `${line}: ${service}`)
      for (const service of scaled) assert.equal(services[service].ports, undefined, `${service} has a port of its own`)
    }
  })

  it('install the chart, and name what it makes', { skip: tools.missing ?? false }, () => {
    for (const line of commandsOf('helm')) {
      const args = words(line.replace('helm upgrade --install', 'template')).filter(Boolean)
      const { status, stderr } = spawnSync(tools.helm, [...args, '--kube-version', '1.30.0'], {
        cwd: root,
        encoding: 'utf8',
      })
      assert.equal(status, 0, `${line}\n${stderr}`)
    }
    const deployments = ofKind(render(tools.helm, 'medium'), 'Deployment')
    for (const line of commandsOf('kubectl')) {
      const [, name] = /deploy\/(\S+)/.exec(line) ?? []
      if (name !== undefined)
        assert.ok(
          deployments.some(({ metadata }) => metadata.name === name),
          line,
        )
      const [, label, value] = /--selector (\S+?)=(\S+)/.exec(line) ?? []
      if (label !== undefined)
        assert.ok(
          deployments.every(({ metadata }) => metadata.labels[label] === value),
          line,
        )
    }
  })
})
