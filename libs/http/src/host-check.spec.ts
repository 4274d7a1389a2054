import { describe, expect, it } from '@jest/globals'
import { hostCheck } from './host-check.js'

describe('hostCheck', () => {
  const check = hostCheck({ host: '10.0.0.7', hostsAllowed: ['tags.example'] })

  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:1', '[::1]', '[::1]:3000', '10.0.0.7:80', 'tags.example:443'])(
    'answers for %s',
    (host) => {
      expect(() => check(host)).not.toThrow()
    },
  )

  // A page that rebinds its own name to this address chooses that name, so a likeness must not be enough.
  it.each([
    'evil-localhost',
    'localhost.evil',
    'evil.tags.example',
    'tags.example.evil',
    'localhost:3000.evil',
    'localhost:evil',
    'evil:80:80',
    'ocalhost',
    '0.0.0.7',
    '[::1]evil',
    '[::',
    '',
    undefined,
  ])('refuses %s', (host) => {
    expect(() => check(host)).toThrow(expect.objectContaining({ code: 'HOST_REFUSED' }))
  })
})
