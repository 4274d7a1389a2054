// npm run quickstart [-- my.mp4 --title "…"] [-- --once]
// Installs, builds, starts the platform on embedded servers, tags one clip over REST, and shows what came out.
import { fork } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { bootstrap, Failure, main, root } from './bootstrap.mjs'
import { onFreePort } from './free-port.mjs'

const usage = 'usage: npm run quickstart -- [video] [--title "…"] [--once]'
const finalSeconds = 120

const readArguments = () => {
  try {
    const { values, positionals } = parseArgs({
      options: { title: { type: 'string' }, once: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    })
    if (positionals.length > 1) throw new Error(`one video at a time, not ${positionals.length}`)
    return { ...values, file: positionals[0] }
  } catch (error) {
    process.exitCode = 2
    throw new Failure(error.message, usage)
  }
}

/** The user's clip, or the first sample. Paths are relative to where the command was typed. */
const chooseClip = ({ file, title }) => {
  if (file === undefined) {
    const [sample] = JSON.parse(fs.readFileSync(path.join(root, 'samples/samples.json'), 'utf8'))
    return { file: path.join(root, 'samples', sample.file), title: title ?? sample.title }
  }
  const resolved = path.resolve(process.env.INIT_CWD ?? process.cwd(), file)
  if (!fs.statSync(resolved, { throwIfNoEntry: false })?.isFile()) {
    process.exitCode = 2
    throw new Failure(`${resolved} is not a file`, usage)
  }
  return { file: resolved, title }
}

const homeFolder = () => {
  const given = process.env.REELTAG_HOME || path.join(os.homedir(), '.reeltag')
  const home = path.resolve(process.env.INIT_CWD ?? process.cwd(), given)
  try {
    fs.mkdirSync(home, { recursive: true, mode: 0o700 })
    fs.accessSync(home, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK)
  } catch (error) {
    throw new Failure(`${home} cannot be used: ${error.message}`, 'set REELTAG_HOME to a folder that you may write to')
  }
  return home
}

const startPlatform = (key, interrupted) => onFreePort(process.env.PORT, (port) => startOn(port, key, interrupted))

const startOn = async (port, key, interrupted) => {
  const home = homeFolder()
  const logFile = path.join(home, 'reeltag.log')
  const log = fs.openSync(logFile, 'a', 0o600)
  const env = { ...process.env, PORT: String(port), REELTAG_HOME: home, REELTAG_BOOTSTRAP_KEY: key }
  process.stdout.write('• start the platform … ')
  const started = Date.now()
  // Detached: Ctrl-C on the terminal reaches this script alone, which then stops the platform in order.
  const child = fork(path.join(root, 'apps/reeltag/dist/main.js'), {
    env,
    detached: true,
    stdio: ['ignore', log, 'pipe', 'ipc'],
  })
  let complaint = ''
  child.stderr.on('data', (chunk) => (complaint += chunk))
  const ready = new Promise((resolve, reject) => {
    child.once('message', (/** @type {any} */ message) => resolve(message.url))
    child.once('exit', (code) =>
      reject(new Failure(`${complaint.trim()}\nthe platform ended with ${code}`, `see ${logFile}`)),
    )
  })
  const url = await Promise.race([ready, interrupted]).catch(async (error) => {
    console.log('failed')
    await stopPlatform({ child })
    throw error
  })
  console.log(`${((Date.now() - started) / 1000).toFixed(1)} s`)
  return { child, url, home, logFile }
}

const stopPlatform = ({ child }) =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode)
    child.once('exit', resolve)
    child.kill('SIGTERM')
  })

const submit = async (url, key, { file, title }) => {
  const form = new FormData()
  form.append('content', new Blob([JSON.stringify(title === undefined ? {} : { title })], { type: 'application/json' }))
  form.append('file', await fs.openAsBlob(file), path.basename(file))
  const response = await fetch(`${url}/v1/contents`, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${key}` },
  })
  const body = /** @type {any} */ (await response.json())
  if (response.status !== 202) throw new Failure(`${body.code}: ${body.title} (${body.detail})`, body.remedy)
  return body
}

const waitForResult = async (url, key, id) => {
  const deadline = Date.now() + finalSeconds * 1000
  while (Date.now() < deadline) {
    const response = await fetch(`${url}/v1/contents/${id}`, { headers: { authorization: `Bearer ${key}` } })
    const content = /** @type {any} */ (await response.json())
    if (content.state !== 'processing') return content
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Failure(`no result within ${finalSeconds} s`, 'look into reeltag.log under REELTAG_HOME')
}

/**
 * A link that signs a browser in, once, as the administrator `admin`.
 * @returns {Promise<string | undefined>} undefined where somebody has disabled that user
 */
const signInLink = async (url, key) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const ask = async (route, init = {}) => (await fetch(url + route, { headers, ...init })).json()
  const body = JSON.stringify({ name: 'admin', role: 'admin' })
  const added = /** @type {any} */ (await ask('/v1/users', { method: 'POST', body }))
  const findAdmin = async (cursor = '') => {
    const { items, nextCursor } = /** @type {any} */ (await ask(`/v1/users?limit=100${cursor}`))
    const known = items.find(({ name }) => name === 'admin')
    return known ?? (nextCursor === null ? undefined : findAdmin(`&cursor=${nextCursor}`))
  }
  const { id } = added.id === undefined ? await findAdmin() : added
  const link = /** @type {any} */ (
    await (
      await fetch(`${url}/v1/users/${id}/link`, { method: 'POST', headers: { authorization: headers.authorization } })
    ).json()
  )
  return link.url
}

const outcome = {
  published: 'published · 已发布',
  'published-ancestor':
    'the sure part is published, the rest waits for a reviewer · 已发布可确定的上级标签，其余待人工审核',
  review: 'sent to review · 已送人工审核',
}

const printTag = ({ path: nodes, names, confidence, status }) => {
  const mark = status === 'published' ? '✔' : '?'
  console.log(`  ${mark} ${names.map(({ zh }) => zh).join(' › ')}`)
  console.log(`    ${names.map(({ en }) => en).join(' › ')}   (${nodes})`)
  console.log(`    confidence · 置信度  ${(confidence * 100).toFixed(1)} %`)
}

const printStages = (stages) => {
  console.log('\n  stage             waited     ran')
  for (const { stage, waitMs, runMs } of stages) {
    console.log(`  ${stage.padEnd(16)} ${String(waitMs ?? '–').padStart(5)} ms ${String(runMs ?? '–').padStart(5)} ms`)
  }
}

const print = (content, clip, { url, key, link, once }) => {
  console.log(`\n${path.basename(clip.file)}${clip.title === undefined ? '' : `  «${clip.title}»`}`)
  if (content.error !== null) {
    const { code, title, detail, remedy } = content.error
    throw new Failure(`${code}: ${title} (${detail})`, remedy)
  }
  console.log(`${outcome[content.result.decision]}\n`)
  for (const tag of content.result.tags) printTag(tag)
  printStages(content.stages)
  const total = Date.parse(content.result.createdAt) - Date.parse(content.createdAt)
  console.log(`\n  accepted to result  ${total} ms   ·   pack ${content.result.versions.pack}`)
  // After --once nobody answers there any more.
  if (once) return
  console.log(`\n  dashboard  ${link ?? `${url}/app/`}`)
  if (link !== undefined)
    console.log('             signs you in, once, within 24 hours · 登录链接，24 小时内有效，仅可使用一次')
  console.log(`  API docs   ${url}/docs`)
  console.log(`  API key    ${key}`)
  console.log(`  try        curl -H 'Authorization: Bearer ${key}' ${url}/v1/contents/${content.id}`)
}

/** One key per home, so that yesterday's curl lines still work. */
const ownKey = () => {
  if (process.env.REELTAG_BOOTSTRAP_KEY) return process.env.REELTAG_BOOTSTRAP_KEY
  const file = path.join(homeFolder(), 'quickstart.key')
  if (!fs.existsSync(file)) {
    fs.writeFileSync(file, `rt_quick_${crypto.randomBytes(24).toString('base64url')}`, { mode: 0o600 })
  }
  return fs.readFileSync(file, 'utf8')
}

/** @returns {Promise<void>} */
const untilInterrupted = (platform) =>
  new Promise((resolve) => {
    console.log('\n  Ctrl-C stops everything.')
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve())
    platform.child.once('exit', (code) => {
      console.error(`\nthe platform ended by itself (${code}); see ${platform.logFile}`)
      process.exitCode = 1
      // Nobody else would stop the database that it left behind.
      import('@reeltag/platform')
        .then(({ stopEmbeddedPostgres }) => stopEmbeddedPostgres(platform.home))
        .finally(resolve)
    })
  })

await main(async () => {
  const options = readArguments()
  if (options.help) return console.log(usage)
  const clip = chooseClip(options)
  await bootstrap()
  const key = ownKey()
  const interrupted = new Promise((_, reject) =>
    process.once('SIGINT', () => reject(new Failure('interrupted', 'run it again'))),
  )
  // Whoever does not wait for it at the moment must not be surprised by it.
  interrupted.catch(() => undefined)
  const platform = await startPlatform(key, interrupted)
  try {
    const { id } = await submit(platform.url, key, clip)
    const content = await Promise.race([waitForResult(platform.url, key, id), interrupted])
    print(content, clip, {
      url: platform.url,
      key,
      link: options.once ? undefined : await signInLink(platform.url, key),
      once: options.once,
    })
    if (!options.once) await untilInterrupted(platform)
  } finally {
    process.stdout.write('\n• stop … ')
    platform.child.removeAllListeners('exit')
    console.log((await stopPlatform(platform)) === 0 ? 'done' : 'the platform did not stop cleanly; see its log')
    if (platform.child.connected) platform.child.disconnect()
  }
})
process.exit()
