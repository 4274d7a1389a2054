// Clips to measure with. Python makes them once, into bench/.cache; where it cannot, a smoke run takes the samples.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { python, pythonLacks } from './python.mjs'
import { LeftOut } from './run-options.mjs'

const folder = path.join(import.meta.dirname, '.cache')
const samplesFolder = path.join(import.meta.dirname, '../samples')

/**
 * @param {{ width: number, height: number, seconds: number, count: number }} wanted
 * @param {import('./run-options.mjs').Run} run
 * @returns {string[]} paths of `count` clips no two of which are alike
 */
export const makeClips = ({ width, height, seconds, count }, run) => {
  const files = Array.from({ length: count }, (_, seed) =>
    path.join(folder, `${width}x${height}-${seconds}s-${seed}.mp4`),
  )
  if (files.every((file) => fs.existsSync(file))) return files
  const lacks = pythonLacks(['av', 'numpy'])
  if (lacks !== undefined) {
    if (!run.smoke) throw new LeftOut(`clips cannot be made: ${lacks}`)
    run.leaveOut('clips of their own, instead of the samples', lacks)
    return sampleClips(count)
  }
  const args = [path.join(import.meta.dirname, 'make_clips.py'), folder, width, height, seconds, count].map(String)
  execFileSync(python, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return files
}

/** The samples again and again. A box that players pass over makes each of them another file. @param {number} count */
const sampleClips = (count) => {
  const samples = fs.readdirSync(samplesFolder).filter((file) => file.endsWith('.mp4'))
  const own = path.join(folder, 'samples')
  fs.mkdirSync(own, { recursive: true })
  return Array.from({ length: count }, (_, index) => {
    const file = path.join(own, `${index}.mp4`)
    const box = Buffer.concat([Buffer.from([0, 0, 0, 12]), Buffer.from('free'), Buffer.alloc(4)])
    box.writeUInt32BE(index, 8)
    fs.writeFileSync(
      file,
      Buffer.concat([fs.readFileSync(path.join(samplesFolder, samples[index % samples.length])), box]),
    )
    return file
  })
}

/** @param {string} size such as 720x1280 */
export const sidesOf = (size) => {
  const [width, height] = size.split('x').map(Number)
  return { width, height }
}
