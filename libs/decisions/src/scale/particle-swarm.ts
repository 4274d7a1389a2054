export interface SwarmOptions {
  /** The first particles stand here; the others anywhere in the box. */
  readonly starts: readonly Float64Array[]
  /** The box, the same in every dimension. */
  readonly min: number
  readonly max: number
  readonly particles: number
  readonly iterations: number
  /** Numbers in [0, 1). */
  readonly random: () => number
}

export interface Best {
  readonly position: Float64Array
  readonly fitness: number
}

interface Particle {
  readonly position: Float64Array
  readonly velocity: Float64Array
  best: Best
}

// Constriction coefficients of Clerc and Kennedy, "The particle swarm", 2002.
const inertia = 0.729
const pull = 1.494

/**
 * Looks for the position of greatest fitness by a particle swarm (Kennedy and Eberhart, 1995). The answer is never worse
 * than the best of the starts.
 */
export const particleSwarm = (
  dimensions: number,
  fitness: (position: Float64Array) => number,
  options: SwarmOptions,
): Best => {
  const { starts, min, max, particles, iterations, random } = options
  const evaluated = (position: Float64Array): Best => ({ position: position.slice(), fitness: fitness(position) })
  const swarm = Array.from({ length: Math.max(particles, starts.length) }, (_, i): Particle => {
    const start = starts[i] ?? Float64Array.from({ length: dimensions }, () => min + (max - min) * random())
    const position = start.map((value) => Math.min(max, Math.max(min, value)))
    return { position, velocity: new Float64Array(dimensions), best: evaluated(position) }
  })
  const better = (a: Best, b: Best): Best => (b.fitness > a.fitness ? b : a)
  let best = swarm.map((particle) => particle.best).reduce(better)
  for (let iteration = 0; iteration < iterations; iteration++)
    for (const particle of swarm) {
      move(particle, best.position, options)
      particle.best = better(particle.best, evaluated(particle.position))
      best = better(best, particle.best)
    }
  return best
}

const move = (
  { position, velocity, best }: Particle,
  global: Float64Array,
  { min, max, random }: SwarmOptions,
): void => {
  for (let d = 0; d < position.length; d++) {
    const x = position[d] ?? 0
    const own = pull * random() * ((best.position[d] ?? 0) - x)
    const common = pull * random() * ((global[d] ?? 0) - x)
    const v = inertia * (velocity[d] ?? 0) + own + common
    velocity[d] = v
    position[d] = Math.min(max, Math.max(min, x + v))
  }
}
