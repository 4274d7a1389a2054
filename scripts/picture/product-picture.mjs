// npm run docs:picture
// docs/images/result.png, from what a platform answers about the samples. Needs a font with Chinese characters
// (Debian: apt install fonts-noto-cjk).
import { fork } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { root } from '../bootstrap.mjs'
import { draw } from './draw.mjs'

const key = 'rt_picture_of_the_readme'
const headers = { authorization: `Bearer ${key}` }
const picture = path.join(root, 'docs/images/result.png')

/** The last text contradicts its video, so a person has to look. */
const samples = JSON.parse(fs.readFileSync(path.join(root, 'samples/samples.json'), 'utf8'))
const sample = (name) => samples.find(({ file }) => file === `${name}.mp4`)
const submissions = [sample('panda'), sample('guitar'), { ...sample('steam-train'), file: 'strawberry.mp4' }]

const startPlatform = async (home) => {
  const child = fork(path.join(root, 'apps/reeltag/dist/main.js'), {
    env: { ...process.env, REELTAG_HOME: home, PORT: '0', REELTAG_BOOTSTRAP_KEY: key },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the platform ended with ${code}`))),
  ])
  return { child, url: message.url }
}

const tag = async (url, { file, title, titleEn }) => {
  const form = new FormData()
  form.append('content', new Blob([JSON.stringify({ title })], { type: 'application/json' }))
  form.append('file', await fs.openAsBlob(path.join(root, 'samples', file)), file)
  const accepted = await fetch(`${url}/v1/contents`, { method: 'POST', body: form, headers })
  const { id } = /** @type {any} */ (await accepted.json())
  for (;;) {
    const response = await fetch(`${url}/v1/contents/${id}`, { headers })
    const { state, result, error } = /** @type {any} */ (await response.json())
    if (error) throw new Error(`${file}: ${error.code}`)
    if (state !== 'processing') {
      const strip = await fetch(`${url}/v1/contents/${id}/filmstrip`, { headers })
      const png = await sharp(await strip.arrayBuffer())
        .png()
        .toBuffer()
      return { title, titleEn, result, filmstrip: `data:image/png;base64,${png.toString('base64')}` }
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

fs.mkdirSync(path.dirname(picture), { recursive: true })
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-picture-'))
const { child, url } = await startPlatform(home)
try {
  const contents = []
  for (const submission of submissions) contents.push(await tag(url, submission))
  await sharp(Buffer.from(draw(contents)))
    .png({ palette: true })
    .toFile(picture)
  console.log(`${path.relative(root, picture)} is written (${fs.statSync(picture).size} bytes)`)
} finally {
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'exit')
  fs.rmSync(home, { recursive: true, force: true })
}
