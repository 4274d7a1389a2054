// Processor time and memory of server processes, from /proc. On a busy machine processor time says more than the wall
// clock does.
import fs from 'node:fs'

const ticksPerSecond = 100
const pageBytes = 4096

/** The numbers of /proc/<pid>/stat after the name, which may contain spaces: [0] is the state, [1] the parent. */
const statOf = (pid) => {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    // It ended while we looked.
    return undefined
  }
}

/** @param {number} pid @returns its present children, with what /proc says of them */
const childrenOf = (pid) =>
  fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), stat: statOf(name) }))
    .filter(({ stat }) => stat?.[1] === String(pid))

const sum = (numbers) => numbers.reduce((total, number) => total + Number(number), 0)

/** Milliseconds that a process, its present children, and the children it has buried have computed for. */
export const processorMs = (pid) => {
  const own = statOf(pid)
  if (own === undefined) return 0
  // utime, stime, cutime, cstime are [11] to [14].
  const ticks = [own, ...childrenOf(pid).map(({ stat }) => stat)].map((stat) => sum(stat.slice(11, 15)))
  return (sum(ticks) * 1_000) / ticksPerSecond
}

/** Resident memory of a process and its children, MiB. */
export const residentMiB = (pid) => {
  const pages = [pid, ...childrenOf(pid).map((child) => child.pid)].map((id) => {
    try {
      return Number(fs.readFileSync(`/proc/${id}/statm`, 'utf8').split(' ')[1])
    } catch {
      // It ended while we looked.
      return 0
    }
  })
  return (sum(pages) * pageBytes) / 2 ** 20
}
