// Processor time of server processes, from /proc. On a busy machine it says more than the wall clock does.
import fs from 'node:fs'

const ticksPerSecond = 100

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

/** Milliseconds that a process, its present children, and the children it has buried have computed for. */
export const processorMs = (pid) => {
  const own = statOf(pid)
  if (own === undefined) return 0
  const sum = (fields) => fields.reduce((total, field) => total + Number(field), 0)
  const children = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat?.[1] === String(pid))
  // utime, stime, cutime, cstime are [11] to [14].
  const ticks = sum(own.slice(11, 15)) + children.reduce((total, stat) => total + sum(stat.slice(11, 15)), 0)
  return (ticks * 1_000) / ticksPerSecond
}
