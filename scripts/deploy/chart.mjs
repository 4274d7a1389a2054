// Renders the Helm chart, as the deploy suite looks at it.
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { parseAllDocuments } from 'yaml'
import { root } from '../bootstrap.mjs'

export const chartFolder = path.join(root, 'k8s/reeltag')
/** The oldest Kubernetes that the chart takes, and the newest whose schemas we have. */
export const kubernetesVersions = ['1.30.0', '1.37.0']

const databaseUrl = 'postgresql://reeltag:secret@postgres:5432/reeltag'

/** What each size is rendered with: values files, then single values. */
export const sizes = {
  default: [[], [`secret.data.DATABASE_URL=${databaseUrl}`]],
  small: [['values-small.yaml'], [`secret.data.DATABASE_URL=${databaseUrl}`, 'ingress.enabled=true']],
  medium: [['values-medium.yaml'], []],
  gpu: [['values-medium.yaml', 'values-gpu.yaml'], []],
  'small-gpu': [['values-small.yaml', 'values-gpu.yaml'], ['secret.existingSecret=reeltag']],
}

/** Every object of the chart. @param more further `name=value` settings; variables are strings, whatever they look like */
export const render = (helm, size, more = []) => {
  const [files, settings] = sizes[size]
  const args = ['template', 'reeltag', chartFolder, '--namespace', 'reeltag', '--kube-version', kubernetesVersions[0]]
  for (const file of files) args.push('--values', path.join(chartFolder, file))
  for (const setting of [...settings, ...more])
    args.push(/^(config|secret)\./.test(setting) ? '--set-string' : '--set', setting)
  const { status, stdout, stderr } = spawnSync(helm, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0) throw new Error(stderr)
  return parseAllDocuments(stdout)
    .map((document) => document.toJS())
    .filter((thing) => thing !== null)
}

/** Runs scripts/deploy/validate.py on objects. @returns what it said, empty where all are valid */
export const validate = (python, objects) =>
  new Promise((resolve, reject) => {
    const child = spawn(python, [path.join(import.meta.dirname, 'validate.py'), ...kubernetesVersions])
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (status) => resolve(status === 0 ? output : output || `ended with ${status}`))
    child.stdin.end(JSON.stringify(objects))
  })

export const ofKind = (objects, kind) => objects.filter((thing) => thing.kind === kind)

/** True where every label of the selector is on the thing. */
export const selects = (matchLabels, labels) =>
  Object.entries(matchLabels).every(([name, value]) => labels?.[name] === value)

/** The variables that a container of a Deployment is given: what comes from a Secret has a value that fits, or is left out. */
export const environmentOf = (objects, { spec }) => {
  const [container] = spec.template.spec.containers
  const secretValues = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: 'redis://redis:6379',
    REELTAG_BOOTSTRAP_KEY: 'rt_a_key_of_enough_characters',
  }
  const shared = (container.envFrom ?? []).flatMap(({ configMapRef }) =>
    Object.entries(objects.find((it) => it.kind === 'ConfigMap' && it.metadata.name === configMapRef.name).data),
  )
  const own = (container.env ?? []).map(({ name, value, valueFrom }) => [
    name,
    valueFrom === undefined ? value : secretValues[valueFrom.secretKeyRef.key],
  ])
  return Object.fromEntries([...shared, ...own].filter(([, value]) => value !== undefined))
}
