import { describe, expect, it } from '@jest/globals'
import { examples } from './examples.js'
import { commandNames, usage, usageOf } from './usage.js'

const optionsOf = (text: string): string[] => [...text.matchAll(/--[a-z-]+/g)].map(([option]) => option)

describe('the help of the command line', () => {
  it.each(commandNames)('shows %s with an example of what its usage allows', (name) => {
    const words = name.split(' ')
    const [told = '', shown = ''] = usageOf(words).split('examples:')
    const own = examples.filter((example) => example.startsWith(`${name} `) || example === name)
    expect(own.length).toBeGreaterThan(0)
    for (const example of own) {
      expect(shown).toContain(`npm run reeltag -- ${example}\n`)
      expect(optionsOf(told)).toEqual(expect.arrayContaining(optionsOf(example)))
    }
  })

  it('has no example of a command that there is not', () => {
    const known = examples.filter((example) => commandNames.some((name) => example.startsWith(name)))
    expect(known).toEqual([...examples])
  })

  it('shows a group alone, its group for an unknown command, and everything for an unknown group', () => {
    expect(usageOf(['policies'])).toMatch(/policies draft[^]*policies show[^]*examples:/)
    expect(usageOf(['policies'])).not.toMatch(/labels|packs/)
    expect(usageOf(['policies', 'draft'])).not.toMatch(/policies show/)
    expect(usageOf(['queues', 'resume'])).toMatch(/queues pause\|resume\|drain <queue>/)
    expect(usageOf(['policies', 'burn'])).toBe(usageOf(['policies']))
    expect([usageOf(['nothing']), usageOf([])]).toEqual([usage, usage])
  })
})
