/** What made a result with the starter pack. @type {import('@reeltag/contracts').Versions} */
export const versions = {
  pack: 'starter/2.0.0',
  taxonomy: 'starter/2.0.0',
  vision: 'starter-vision/2.0.0',
  text: 'starter-text/2.0.0',
  fusion: 'starter-fusion/2.0.0',
  sampling: 'uniform-4',
}
