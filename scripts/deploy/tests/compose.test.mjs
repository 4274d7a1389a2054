import { jobs, serviceNames } from '@reeltag/contracts'
import { Environment, loadConfig } from '@reeltag/platform'
import { composeFile, filledIn, readCompose, secondsOf, serversFile, variablesOf } from '@reeltag/testing'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, it } from 'node:test'
import { parse, stringify } from 'yaml'
import { root } from '../../bootstrap.mjs'
import { openTools } from '../tools.mjs'

const tools = await openTools()
const compose = readCompose(filledIn)
const ours = Object.entries(compose.services).filter(([, { image }]) => image.startsWith('reeltag:'))
const platform = ours.filter(([name]) => name !== 'migrate')
const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0

/** What Compose makes of files that lie in one folder. @param files the last one is loaded */
const load = (...files) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-compose-'))
  for (const [name, content] of files)
    fs.writeFileSync(path.join(folder, name), stringify(content).replaceAll('$', '$$$$'))
  const { status, stdout, stderr } = spawnSync(tools.compose, [files.at(-1)[0]], { cwd: folder, encoding: 'utf8' })
  fs.rmSync(folder, { recursive: true })
  assert.equal(status, 0, stdout + stderr)
  assert.doesNotMatch(stdout, /failed|Error/)
  return stdout
}

describe('docker-compose.servers.yml', () => {
  it('is the servers of docker-compose.yml, on ports of this host alone', { skip: tools.missing ?? false }, () => {
    const ports = { POSTGRES_PORT: '1001', REDIS_PORT: '1002', KAFKA_PORT: '1003' }
    const servers = readCompose({ ...filledIn, ...ports }, serversFile)
    const loaded = parse(load(['docker-compose.yml', compose], ['docker-compose.servers.yml', servers]))
    const at = Object.entries(loaded.services).map(
      ([
        name,
        {
          image,
          ports: [port],
        },
      ]) => {
        assert.equal(image, compose.services[name].image)
        return [name, port.host_ip, port.published, port.target]
      },
    )
    assert.deepEqual(at.toSorted(), [
      ['kafka', '127.0.0.1', '1003', 9094],
      ['postgres', '127.0.0.1', '1001', 5432],
      ['redis', '127.0.0.1', '1002', 6379],
    ])
    // A network without a way out has no way in either.
    assert.ok(!loaded.networks.platform.internal)
    const kafka = loaded.services.kafka.environment.join('\n')
    assert.match(kafka, /^KAFKA_LISTENERS=.*HOST:\/\/:9094/m)
    assert.match(kafka, /^KAFKA_ADVERTISED_LISTENERS=.*HOST:\/\/127\.0\.0\.1:1003/m)
    assert.match(kafka, /^KAFKA_AUTO_CREATE_TOPICS_ENABLE=false$/m)
  })
})

describe('docker-compose.yml', () => {
  it('is a Compose file', { skip: tools.missing ?? false }, () => void load(['docker-compose.yml', compose]))

  it(
    'is one that docker compose reads',
    {
      skip: hasCompose
        ? false
        : 'optional: docker has no compose plugin here: install it (its library has read the file)',
    },
    () => {
      const args = ['compose', '--file', composeFile, '--profile', '*', 'config', '--quiet']
      const { status, stderr } = spawnSync('docker', args, { encoding: 'utf8', env: { ...process.env, ...filledIn } })
      assert.equal(status, 0, stderr)
    },
  )

  it('runs every service as a container of its own', () => {
    assert.deepEqual(
      platform.map(([name, { environment }]) => [name, environment.REELTAG_SERVICES]).sort(),
      serviceNames.map((name) => [name, name]).sort(),
    )
  })

  it('gives each a configuration that Reeltag knows and accepts', () => {
    for (const [name, { environment }] of platform) {
      assert.deepEqual(
        Object.keys(environment).filter((key) => !(key in Environment.shape)),
        [],
        name,
      )
      loadConfig(environment)
    }
  })

  it('starts a service when its servers are healthy and the migrations are through', () => {
    for (const [name, { depends_on: depends }] of platform) {
      assert.deepEqual(
        Object.entries(depends).map(([server, { condition }]) => `${server} ${condition}`),
        [
          'postgres service_healthy',
          'redis service_healthy',
          'kafka service_healthy',
          'migrate service_completed_successfully',
        ],
        name,
      )
    }
    for (const name of ['postgres', 'redis', 'kafka', ...serviceNames])
      assert.ok(compose.services[name].healthcheck.test.length > 1, name)
  })

  it('keeps the gateway on this host, and everything else inside', () => {
    const published = Object.entries(compose.services).filter(([, { ports }]) => ports !== undefined)
    for (const [name, { ports }] of published) for (const port of ports) assert.match(port, /^127\.0\.0\.1:/, name)
    assert.deepEqual(
      published.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name),
      ['gateway'],
    )
    assert.equal(compose.networks.platform.internal, true)
    for (const [name, { networks }] of ours) if (name !== 'gateway') assert.deepEqual(networks, ['platform'], name)
  })

  it('runs our containers without privileges, on a root that they cannot write, within limits', () => {
    for (const [name, service] of ours) {
      assert.equal(service.read_only, true, name)
      assert.deepEqual(service.cap_drop, ['ALL'])
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'])
      assert.ok(service.tmpfs.length > 0 && service.pids_limit > 0)
    }
    for (const [name, { deploy }] of Object.entries(compose.services))
      assert.ok(deploy.resources.limits.memory && deploy.resources.limits.cpus, name)
  })

  it('lets a service finish its longest job', () => {
    for (const [name, { environment, stop_grace_period: grace }] of platform) {
      const { video, lifecycle } = loadConfig(environment)
      const leases = jobs.filter(({ service }) => service === name).map(({ leaseSeconds }) => leaseSeconds)
      const longest = Math.max(0, ...leases) + (name === 'ingest' ? video.decodeTimeoutMs / 1000 : 0)
      assert.ok(lifecycle.stopTimeoutSeconds * 0.75 >= longest, name)
      assert.ok(secondsOf(grace) >= lifecycle.stopTimeoutSeconds + lifecycle.stopDelaySeconds + 30, name)
    }
  })

  it('names a version of every image', () => {
    for (const [name, { image }] of Object.entries(compose.services)) {
      assert.match(image, /:v?\d+\.\d+/, name)
      assert.doesNotMatch(image, /latest/, name)
    }
  })

  it('has no secret in it, and says which one is missing', () => {
    for (const secret of ['POSTGRES_PASSWORD', 'REDIS_PASSWORD'])
      assert.throws(() => readCompose({ ...filledIn, [secret]: '' }), new RegExp(`set ${secret} in .env`))
    const example = fs.readFileSync(path.join(root, 'compose.env.example'), 'utf8')
    for (const line of example.split('\n').filter((text) => /^[A-Z_]*(PASSWORD|KEY)/.test(text)))
      assert.match(line, /=$/, 'the example holds no value')
    const unexplained = variablesOf().filter((name) => !new RegExp(`^(# )?${name}=`, 'm').test(example))
    assert.deepEqual(unexplained, [], 'the example names every variable')
  })

  it('runs Redis and Kafka so that they lose nothing', () => {
    const redis = compose.services.redis.command.join(' ')
    assert.match(redis, /--appendonly yes/)
    assert.match(redis, /--maxmemory-policy noeviction/)
    assert.equal(compose.services.kafka.environment.KAFKA_AUTO_CREATE_TOPICS_ENABLE, 'false')
    const volumes = Object.values(compose.services).flatMap(({ volumes: mounts = [] }) =>
      mounts.map((mount) => mount.split(':')[0]),
    )
    for (const name of Object.keys(compose.volumes)) assert.ok(new Set(volumes).has(name), name)
  })
})
