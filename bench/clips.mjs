// Clips to measure with, made once into bench/.cache by the Python that BENCH_PYTHON names.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const folder = path.join(import.meta.dirname, '.cache')
export const python = process.env.BENCH_PYTHON ?? path.join(import.meta.dirname, '.venv/bin/python')

/** @returns paths of `count` clips that differ in every frame */
export const makeClips = (width, height, seconds, count) => {
  const files = Array.from({ length: count }, (_, seed) =>
    path.join(folder, `${width}x${height}-${seconds}s-${seed}.mp4`),
  )
  if (files.every((file) => fs.existsSync(file))) return files
  try {
    const args = [path.join(import.meta.dirname, 'make_clips.py'), folder, width, height, seconds, count].map(String)
    execFileSync(python, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  } catch (error) {
    throw new Error(
      `clips cannot be made with ${python}; remedy: python3 -m venv bench/.venv && bench/.venv/bin/pip install -r bench/requirements.txt`,
      {
        cause: error,
      },
    )
  }
  return files
}

export const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))]

export const printTable = (title, header, rows) => {
  console.log(`\n${title}\n\n| ${header.join(' | ')} |\n|${header.map(() => '---').join('|')}|`)
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
}
