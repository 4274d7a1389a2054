// Loaded before the platform: the process dies between the commit of a stage and the queue's hearing of it, where no
// signal from outside can hit.
import { StageStore } from '@reeltag/pipeline'

// oxlint-disable-next-line typescript/unbound-method -- called with the store it was taken from
const { finish } = StageStore.prototype

StageStore.prototype.finish = async function (...args) {
  await finish.apply(this, args)
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => undefined)
}
