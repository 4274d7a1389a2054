import { Environment } from '@reeltag/platform'
import { effective, environmentOf, readDockerfile } from '@reeltag/testing'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, it } from 'node:test'
import { quietEnvironment, root } from '../../bootstrap.mjs'
import { openTools } from '../tools.mjs'

const tools = await openTools()
const stages = readDockerfile()
const images = ['cpu', 'gpu']

describe('the Dockerfile', () => {
  it('passes hadolint', { skip: tools.missing ?? false }, () => {
    const { status, stdout } = spawnSync(tools.hadolint, [path.join(root, 'Dockerfile')], { encoding: 'utf8' })
    assert.equal(status, 0, stdout)
  })

  it('would notice what hadolint refuses', { skip: tools.missing ?? false }, () => {
    const { status, stdout } = spawnSync(tools.hadolint, ['-'], {
      input: 'FROM debian\nRUN cd /tmp\n',
      encoding: 'utf8',
    })
    assert.notEqual(status, 0)
    assert.match(stdout, /DL3006/)
  })

  it('makes images that run as nobody in particular, watched, under an init that reaps', () => {
    for (const name of images) {
      assert.equal(effective(stages, name, 'USER'), '10001:10001', name)
      assert.match(effective(stages, name, 'HEALTHCHECK'), /node", "apps\/reeltag\/dist\/cli\.js", "health"/)
      assert.match(effective(stages, name, 'ENTRYPOINT'), /tini/)
      assert.deepEqual(JSON.parse(effective(stages, name, 'CMD')), ['node', 'apps/reeltag/dist/main.js'])
      for (const label of ['title', 'description', 'version', 'revision', 'licenses'])
        assert.match(effective(stages, name, 'LABEL'), new RegExp(`org\\.opencontainers\\.image\\.${label}=`))
    }
    assert.equal([...stages.keys()].at(-1), 'cpu', 'what a build without --target makes')
  })

  it('sets variables that Reeltag reads', () => {
    const foreign = new Set([
      ...Object.keys(quietEnvironment),
      'NODE_ENV',
      'NVIDIA_VISIBLE_DEVICES',
      'NVIDIA_DRIVER_CAPABILITIES',
    ])
    for (const name of images) {
      const env = environmentOf(stages, name)
      assert.deepEqual(
        Object.keys(env).filter((key) => !(key in Environment.shape) && !foreign.has(key)),
        [],
      )
      assert.equal(env.NODE_ENV, 'production')
    }
    assert.equal(environmentOf(stages, 'gpu').NVIDIA_DRIVER_CAPABILITIES, 'compute,video,utility')
  })

  it('installs without running what packages bring, and downloads nothing beside them', () => {
    const installs = [...stages.values()].flatMap(({ instructions }) =>
      instructions.filter(({ verb, rest }) => verb === 'RUN' && rest.includes('npm ci')),
    )
    assert.ok(installs.length > 0)
    for (const { rest } of installs) assert.match(rest, /--ignore-scripts/)
    const env = environmentOf(stages, 'build')
    for (const name of ['ONNXRUNTIME_NODE_INSTALL', 'SKIP_FFMPEG', 'CHECKPOINT_DISABLE'])
      assert.equal(env[name], quietEnvironment[name])
  })

  it('names exact versions, and asks for no secret while it builds', () => {
    const text = fs.readFileSync(path.join(root, 'Dockerfile'), 'utf8')
    assert.match(text, /^ARG NODE_VERSION=24\.\d+\.\d+$/m)
    assert.match(text, /^ARG CUDA_IMAGE=\S+:12\.\d+\.\d+-cudnn-/m)
    assert.doesNotMatch(text, /latest|--mount=type=secret|(ARG|ENV) \S*(PASSWORD|TOKEN|SECRET|KEY)/)
  })

  it('leaves out of the context what no image needs, and so what could be secret', () => {
    const lines = fs.readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n')
    const rules = lines.filter((line) => line !== '' && !line.startsWith('#'))
    assert.equal(rules[0], '*')
    assert.deepEqual(
      rules.filter((rule) => rule.startsWith('!') && !fs.existsSync(path.join(root, rule.slice(1)))),
      [],
    )
    assert.ok(!rules.some((rule) => /^!.*(\.env|\.git$)/.test(rule)))
  })
})
