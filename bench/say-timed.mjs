/**
 * Does something again and again, at least three times and for so many seconds, and says as a JSON object a line what
 * bench/encoder_peers.py says of its peers. The first time warms up and does not count.
 */
export const sayTimed = async (facts, seconds, once) => {
  await once()
  const times = []
  const worked = []
  const total = () => times.reduce((sum, ms) => sum + ms, 0)
  while (total() < seconds * 1000 || times.length < 3) {
    const [started, before] = [performance.now(), process.cpuUsage()]
    await once()
    times.push(performance.now() - started)
    const { user, system } = process.cpuUsage(before)
    worked.push((user + system) / 1000)
  }
  console.log(
    JSON.stringify({
      ...facts,
      perSecond: (facts.batch * times.length * 1000) / total(),
      bestMs: Math.min(...times),
      cpuMsPerItem: Math.min(...worked) / facts.batch,
      rssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  )
}
