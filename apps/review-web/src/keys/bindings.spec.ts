import { describe, expect, it } from '@jest/globals'
import { actions, defaultBindings } from './actions.js'
import { actionOf, bindingsFrom, keyCaps, refusalOf, writtenKey } from './bindings.js'

const press = (key: string, held: Partial<Parameters<typeof writtenKey>[0]> = {}) =>
  writtenKey({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

describe('keys', () => {
  it('come without a conflict', () => {
    const taken = actions.flatMap((action) => {
      const refusal = refusalOf(defaultBindings, action, defaultBindings[action])
      return refusal === undefined ? [] : [[action, refusal]]
    })
    expect(taken).toEqual([])
    expect(new Set(Object.values(defaultBindings)).size).toBe(actions.length)
  })

  it('are what is typed, on every layout and with Caps Lock', () => {
    expect(press('X')).toBe('x')
    expect(press('?', { shiftKey: true })).toBe('?')
    expect(press('/')).toBe('/')
    expect(press(' ')).toBe('Space')
    expect(press('ArrowLeft', { shiftKey: true })).toBe('Shift+ArrowLeft')
  })

  it('take Ctrl and the key of a Mac for the same', () => {
    expect(press('z', { ctrlKey: true })).toBe('Mod+z')
    expect(press('z', { metaKey: true })).toBe('Mod+z')
    expect(press('Enter', { metaKey: true })).toBe('Mod+Enter')
  })

  it('leave modifiers and what an input method takes alone', () => {
    for (const key of ['Shift', 'Control', 'Process', 'Dead', 'Unidentified']) expect(press(key)).toBeUndefined()
  })

  it('know their action', () => {
    expect(actionOf(defaultBindings, 'Enter')).toBe('accept')
    expect(actionOf(defaultBindings, 'Mod+Enter')).toBe('submit')
    expect(actionOf(defaultBindings, '9')).toBe('choose9')
    expect(actionOf(defaultBindings, 'Mod+x')).toBeUndefined()
  })
})

describe('a changed key', () => {
  it('is refused where another action has it, which is named', () => {
    expect(refusalOf(defaultBindings, 'note', 'x')).toEqual({ because: 'taken', by: 'reject' })
    expect(refusalOf(defaultBindings, 'note', 'n')).toBeUndefined()
    expect(refusalOf(defaultBindings, 'note', 'o')).toBeUndefined()
  })

  it('is refused where the browser needs it', () => {
    expect(refusalOf(defaultBindings, 'note', 'Tab')).toEqual({ because: 'reserved' })
    expect(refusalOf(defaultBindings, 'note', 'Mod+w')).toEqual({ because: 'reserved' })
  })

  it('is kept, and what does not fit is not', () => {
    expect(bindingsFrom({ note: 'o' }).note).toBe('o')
    expect(bindingsFrom({ note: 'x' })).toBe(defaultBindings)
    expect(bindingsFrom({ unknown: 'o', note: 7 })).toEqual(defaultBindings)
    expect(bindingsFrom('nonsense')).toBe(defaultBindings)
  })

  it('is printed as on a keyboard', () => {
    expect(keyCaps('Mod+Enter', true)).toEqual(['⌘', '↵'])
    expect(keyCaps('Mod+ArrowLeft', false)).toEqual(['Ctrl', '←'])
    expect(keyCaps('x', false)).toEqual(['X'])
  })
})
