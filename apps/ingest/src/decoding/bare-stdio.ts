import fs from 'node:fs'

const closeOnExec = 0o2000000

/** Descriptors of this process, above the standard ones, that a child would inherit; none where there is no /proc. */
const inheritable = (): number[] => {
  if (!fs.existsSync('/proc/self/fdinfo')) return []
  return fs.readdirSync('/proc/self/fdinfo').flatMap((name) => {
    const fd = Number(name)
    try {
      const [, flags = ''] = /^flags:\s*(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${name}`, 'utf8')) ?? []
      return fd > 2 && (Number.parseInt(flags, 8) & closeOnExec) === 0 ? [fd] : []
    } catch {
      // The one that the folder itself was read through.
      return []
    }
  })
}

/**
 * For a child that gets a pipe each way and nothing else. Node closes its own files in a child, but libraries open
 * theirs without asking for that (ONNX Runtime does, for a log): /dev/null is laid over each.
 * @param start starts the child with these descriptors
 */
export const withBareStdio = <T>(start: (others: ('ignore' | number)[]) => T): T => {
  const fds = inheritable()
  if (fds.length === 0) return start([])
  const nothing = fs.openSync('/dev/null', 'r+')
  try {
    const others = Array.from({ length: Math.max(...fds) - 2 }, (_, index) =>
      fds.includes(index + 3) ? nothing : 'ignore',
    )
    return start(others)
  } finally {
    fs.closeSync(nothing)
  }
}
