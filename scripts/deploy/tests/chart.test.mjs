import { jobs, serviceNames } from '@reeltag/contracts'
import { Environment, Health, loadConfig, Metrics, OperationsServer } from '@reeltag/platform'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { before, describe, it } from 'node:test'
import { chartFolder, environmentOf, ofKind, render, selects, sizes, validate } from '../chart.mjs'
import { openTools } from '../tools.mjs'

const tools = await openTools()

/** Read by the GPU's driver and by the AWS library, not by us. */
const foreignVariables = new Set(['NVIDIA_DRIVER_CAPABILITIES', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
const podsOf = (objects) => [...ofKind(objects, 'Deployment'), ...ofKind(objects, 'Job')]

describe('the Helm chart', { skip: tools.missing ?? false }, () => {
  const rendered = {}
  before(() => {
    for (const size of Object.keys(sizes)) rendered[size] = render(tools.helm, size)
  })
  const everySize = async (test) => {
    await Promise.all(Object.entries(rendered).map(([size, objects]) => test(objects, size)))
  }

  it('passes helm lint', () => {
    const args = ['lint', '--strict', '--kube-version', '1.30.0', chartFolder]
    const { status, stdout } = spawnSync(tools.helm, [...args, '--set', 'secret.existingSecret=reeltag'], {
      encoding: 'utf8',
    })
    assert.equal(status, 0, stdout)
  })

  it('makes objects that Kubernetes takes, in every size', () =>
    everySize(async (objects, size) => {
      assert.ok(objects.length > 20, size)
      assert.equal(await validate(tools.python, objects), '', size)
    }))

  it('would notice an object that Kubernetes refuses', async () => {
    const [good] = ofKind(rendered.medium, 'ScaledObject')
    const bad = { ...good, spec: { ...good.spec, triggers: [{ type: 'prometheus', metadata: { query: 'up' } }] } }
    assert.match(await validate(tools.python, [bad]), /triggers/)
    const [deployment] = ofKind(rendered.medium, 'Deployment')
    assert.match(await validate(tools.python, [{ ...deployment, spec: { ...deployment.spec, replica: 1 } }]), /replica/)
  })

  it('has one deployment a service, and nothing else', () =>
    everySize((objects, size) => {
      const services = ofKind(objects, 'Deployment').map((pod) => environmentOf(objects, pod).REELTAG_SERVICES)
      assert.deepEqual(services.sort(), [...serviceNames].sort(), size)
    }))

  it('gives each pod a configuration that Reeltag knows and accepts', () =>
    everySize((objects, size) => {
      for (const deployment of ofKind(objects, 'Deployment')) {
        const env = environmentOf(objects, deployment)
        const unknown = Object.keys(env).filter((name) => !(name in Environment.shape) && !foreignVariables.has(name))
        assert.deepEqual(unknown, [], size)
        assert.ok(
          Object.values(env).every((value) => typeof value === 'string'),
          size,
        )
        loadConfig(env)
      }
    }))

  it('lets a pod finish its longest job before it is killed, however long decoding may take', () => {
    const patient = render(tools.helm, 'medium', ['config.DECODE_TIMEOUT_MS=300000', 'config.STOP_DELAY_SECONDS=20'])
    for (const objects of [...Object.values(rendered), patient]) {
      for (const deployment of ofKind(objects, 'Deployment')) {
        const { video, lifecycle, services } = loadConfig(environmentOf(objects, deployment))
        const { terminationGracePeriodSeconds, containers } = deployment.spec.template.spec
        const own = jobs.filter(({ service }) => services.includes(service))
        const longest = Math.max(
          0,
          ...own.map(
            ({ leaseSeconds, service }) => leaseSeconds + (service === 'ingest' ? video.decodeTimeoutMs / 1000 : 0),
          ),
        )
        const beforeStop = containers[0].lifecycle.preStop.sleep.seconds + lifecycle.stopDelaySeconds
        // Work has three quarters of the stop timeout.
        assert.ok(lifecycle.stopTimeoutSeconds * 0.75 >= longest, `${services}: a stop waits for the longest job`)
        const grace = beforeStop + lifecycle.stopTimeoutSeconds + 30
        assert.ok(terminationGracePeriodSeconds >= grace, `${services}: ${terminationGracePeriodSeconds} s of ${grace}`)
      }
    }
  })

  it('shows every pod the certificates of a Secret, read-only, where one is named', async () => {
    const secured = render(tools.helm, 'medium', ['tls.existingSecret=reeltag-tls'])
    for (const { spec } of ofKind(secured, 'Deployment')) {
      const { volumes, containers } = spec.template.spec
      assert.equal(volumes.find(({ name }) => name === 'tls').secret.secretName, 'reeltag-tls')
      const mount = containers[0].volumeMounts.find(({ name }) => name === 'tls')
      assert.deepEqual([mount.mountPath, mount.readOnly], ['/etc/reeltag/tls', true])
    }
    assert.equal(await validate(tools.python, secured), '')
  })

  it('probes paths that every process serves', async () => {
    const health = new Health()
    const server = await OperationsServer.open({ host: '127.0.0.1', port: 0 }, health, new Metrics())
    try {
      const paths = new Set(['/metrics'])
      for (const { spec } of ofKind(rendered.medium, 'Deployment')) {
        const [container] = spec.template.spec.containers
        for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
          assert.equal(container[probe].httpGet.port, 'http')
          paths.add(container[probe].httpGet.path)
        }
        assert.equal(container.ports[0].containerPort, Number(environmentOf(rendered.medium, { spec }).PORT))
      }
      health.ready()
      for (const path of paths) assert.equal((await fetch(server.url + path)).status, 200, path)
    } finally {
      await server.close()
    }
  })

  it('selects the pods that it means: deployments, services, budgets, policies', () =>
    everySize((objects, size) => {
      const pods = ofKind(objects, 'Deployment').map(({ spec }) => spec.template.metadata.labels)
      for (const { spec } of ofKind(objects, 'Deployment'))
        assert.ok(selects(spec.selector.matchLabels, spec.template.metadata.labels), size)
      for (const kind of ['Service', 'PodDisruptionBudget']) {
        const found = ofKind(objects, kind)
        assert.equal(found.length, pods.length, `${size}: ${kind}`)
        for (const { spec } of found) {
          const selector = spec.selector.matchLabels ?? spec.selector
          assert.equal(pods.filter((labels) => selects(selector, labels)).length, 1, `${size}: ${kind}`)
        }
      }
    }))

  it('monitors every service', () => {
    const [{ spec }] = ofKind(rendered.medium, 'ServiceMonitor')
    const services = ofKind(rendered.medium, 'Service')
    for (const { metadata, spec: service } of services) {
      assert.ok(selects(spec.selector.matchLabels, metadata.labels), metadata.name)
      assert.ok(service.ports.some(({ name }) => name === spec.endpoints[0].port))
    }
  })

  it('denies every pod everything that no policy grants', () =>
    everySize((objects, size) => {
      const policies = ofKind(objects, 'NetworkPolicy')
      const labels = podsOf(objects).map(({ spec }) => spec.template.metadata.labels)
      const deny = policies.find(({ metadata }) => metadata.name.endsWith('-deny')).spec
      assert.equal(deny.ingress ?? deny.egress, undefined, size)
      assert.deepEqual(deny.policyTypes, ['Ingress', 'Egress'])
      for (const pod of labels) {
        const granting = policies.filter(({ spec }) => selects(spec.podSelector.matchLabels, pod))
        assert.equal(granting.length, 2, `${size}: the denial and one policy of its own`)
        for (const { to } of granting.flatMap(({ spec }) => spec.egress ?? []))
          assert.ok(to?.length > 0 && to.every((peer) => Object.keys(peer).length > 0), `${size}: a named peer`)
      }
    }))

  it('lets the decoding pods reach the platform and DNS, nothing else, and nobody but metrics in', () => {
    const ingest = ofKind(rendered.medium, 'NetworkPolicy').find(({ metadata }) => metadata.name.endsWith('-ingest'))
    const ports = ingest.spec.egress.flatMap((rule) => rule.ports.map(({ port }) => port))
    assert.deepEqual(
      [...new Set(ports)].sort((a, b) => a - b),
      [53, 443, 5432, 6379, 9092],
    )
    for (const { to } of ingest.spec.egress)
      assert.ok(to.every((peer) => peer.ipBlock?.cidr !== '0.0.0.0/0' && peer.ipBlock?.cidr !== '::/0'))
    assert.equal(ingest.spec.ingress.length, 1)
    const small = ofKind(rendered.small, 'NetworkPolicy').find(({ metadata }) => metadata.name.endsWith('-ingest'))
    assert.ok(!small.spec.egress.some((rule) => rule.ports.some(({ port }) => port === 443)))
  })

  it('runs every container without privileges, on a root file system that it cannot write', () =>
    everySize((objects, size) => {
      for (const { metadata, spec } of podsOf(objects)) {
        const pod = spec.template.spec
        assert.equal(pod.automountServiceAccountToken, false, metadata.name)
        assert.equal(pod.securityContext.runAsNonRoot, true)
        assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault')
        for (const { securityContext, resources, image } of pod.containers) {
          assert.equal(securityContext.readOnlyRootFilesystem, true)
          assert.equal(securityContext.allowPrivilegeEscalation, false)
          assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] })
          for (const kind of ['requests', 'limits'])
            assert.ok(resources[kind].cpu && resources[kind].memory, `${size}: ${metadata.name} has ${kind}`)
          assert.match(image, /:\d+\.\d+\.\d+(-gpu)?$/, 'a version, never latest')
        }
      }
    }))

  it('puts no secret into anything but Secrets, and none where one of yours is named', () => {
    const text = (objects) => JSON.stringify(objects.filter(({ kind }) => kind !== 'Secret'))
    assert.ok(!text(rendered.default).includes('secret@postgres'))
    assert.deepEqual(ofKind(rendered.medium, 'Secret'), [])
    assert.equal(ofKind(rendered.default, 'Secret').length, 2)
  })

  it('migrates before the pods of a version, with what hooks can see', () =>
    everySize((objects, size) => {
      const [job] = ofKind(objects, 'Job')
      assert.equal(job.metadata.annotations['helm.sh/hook'], 'pre-install,pre-upgrade', size)
      const { name } = job.spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef
      const secret = ofKind(objects, 'Secret').find(({ metadata }) => metadata.name === name)
      if (secret === undefined) assert.equal(name, 'reeltag', 'a Secret that was there before')
      else assert.ok(Number(secret.metadata.annotations['helm.sh/hook-weight']) < -5)
    }))

  it('scales by everything that waits, and leaves the number of replicas to KEDA', () => {
    const scaled = ofKind(rendered.medium, 'ScaledObject')
    assert.deepEqual(
      scaled.map(({ metadata }) => metadata.name.replace('reeltag-', '')).sort(),
      serviceNames.filter((name) => name !== 'gateway').sort(),
    )
    assert.deepEqual(ofKind(rendered.medium, 'HorizontalPodAutoscaler'), [])
    const deployments = ofKind(rendered.medium, 'Deployment')
    for (const { spec } of scaled) {
      const target = deployments.find(({ metadata }) => metadata.name === spec.scaleTargetRef.name)
      assert.equal(target.spec.replicas, undefined)
      assert.ok(spec.minReplicaCount >= 1)
    }
    const queries = scaled.flatMap(({ spec }) => spec.triggers.map(({ metadata }) => metadata.query ?? ''))
    const queues = queries.filter(Boolean).map((query) => {
      assert.match(query, /waiting\|prioritized\|delayed/)
      return /queue="([a-z-]+)"/.exec(query)[1]
    })
    assert.deepEqual(queues.sort(), [...new Set(jobs.map(({ queue }) => queue))].sort())
    const lag = scaled.flatMap(({ spec }) => spec.triggers.filter(({ type }) => type === 'kafka'))
    assert.ok(lag.length > 0 && lag.every(({ metadata }) => metadata.limitToPartitionsWithLag === 'true'))
  })

  it('gives the vision encoder a GPU, and the driver what it needs', () => {
    const encoder = ofKind(rendered.gpu, 'Deployment').find(({ metadata }) => metadata.name.endsWith('vision-encoder'))
    const { containers, tolerations, nodeSelector } = encoder.spec.template.spec
    assert.equal(containers[0].resources.limits['nvidia.com/gpu'], 1)
    assert.equal(environmentOf(rendered.gpu, encoder).NVIDIA_DRIVER_CAPABILITIES, 'compute,video,utility')
    assert.equal(environmentOf(rendered.gpu, encoder).MODEL_DEVICE, 'cuda')
    assert.ok(tolerations.some(({ key }) => key === 'nvidia.com/gpu'))
    assert.ok(Object.keys(nodeSelector).length > 0)
    assert.match(containers[0].image, /-gpu$/)
    for (const other of ofKind(rendered.gpu, 'Deployment'))
      if (other !== encoder) assert.equal(environmentOf(rendered.gpu, other).MODEL_DEVICE, undefined)
  })

  it('refuses values that mean nothing', () => {
    assert.throws(() => render(tools.helm, 'medium', ['netwrokPolicy.enabled=no']), /netwrokPolicy/)
    assert.throws(() => render(tools.helm, 'medium', ['services.gatway.replicas=1']), /gatway/)
    assert.throws(() => render(tools.helm, 'medium', ['secret.existingSecret=']), /secret\.data\.DATABASE_URL/)
  })
})
