import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { noBody, parseStrictJson, validate, validateQuery } from './strict-json.js'

const parse = (text: string): unknown => parseStrictJson(new TextEncoder().encode(text))
const refusal = (text: string): unknown => {
  try {
    return parse(text)
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return `${code} ${message}`
  }
}

describe('parseStrictJson', () => {
  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"b":2,"\\u0061":3}', 'a'],
    ['{"a":{"b":1,"c":[{}],"b":2}}', 'b'],
    ['{"a" \n:1,"a"\t:2}', 'a'],
    ['[{"x":1},{"x":1,"x":2}]', 'x'],
    // Names that every object has already, or that change what an object is.
    ['{"__proto__":{},"__proto__":{}}', '__proto__'],
    ['{"a":{"__proto__":1,"__proto__":2}}', '__proto__'],
    ['{"constructor":1,"constructor":2}', 'constructor'],
    ['{"":1,"":2}', ''],
  ])('refuses the field that stands twice in %s', (text, field) => {
    expect(refusal(text)).toBe(`BODY_INVALID ${field}: stands there twice`)
  })

  it.each([
    '{"a":{"b":1},"b":2}',
    '{"b":2,"a":{"b":1},"c":{"b":1}}',
    '[{"a":1},{"a":2}]',
    '{"a":["a","a"],"b":"a"}',
    '{"a":"{\\"a\\":1","b":"\\\\","c":"a\\":"}',
    '{"toString":1,"__proto__":2}',
  ])('takes %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text))
  })

  it('names a long field by its beginning', () => {
    const long = 'x'.repeat(5_000)
    expect(refusal(`{"${long}":1,"${long}":2}`)).toBe(`BODY_INVALID ${'x'.repeat(100)}: stands there twice`)
  })
})

describe('noBody', () => {
  it('takes nothing, blanks and an empty object, and nothing else', () => {
    for (const body of [undefined, '', ' \n', '{}', ' {} '])
      expect(() => noBody(body === undefined ? body : Buffer.from(body))).not.toThrow()
    for (const body of ['{"a":1}', '[]', 'null', '0'])
      expect(() => noBody(Buffer.from(body))).toThrow(expect.objectContaining({ code: 'BODY_INVALID' }))
  })
})

describe('what does not match its schema', () => {
  const schema = z.strictObject({ limit: z.coerce.number('is no number') })
  it('is a body or a query, and each says so in its code and its words', () => {
    expect(validateQuery(schema, { limit: '5' })).toEqual({ limit: 5 })
    expect(validate(schema, { limit: 5 })).toEqual({ limit: 5 })
    const issues = [{ path: 'limit', message: 'is no number' }]
    const refused = (code: string, message: string, extensions: object) =>
      expect.objectContaining({ code, message: expect.stringMatching(message), extensions })
    expect(() => validateQuery(schema, { limit: 'x' })).toThrow(refused('QUERY_INVALID', '^limit: is no', { issues }))
    expect(() => validate(schema, { limit: 'x' })).toThrow(refused('BODY_INVALID', '^limit: is no', { issues }))
    expect(() => validateQuery(schema, { limit: 1, colour: 'red' })).toThrow(/^query: .*"colour"/)
    expect(() => validate(schema, { limit: 1, colour: 'red' })).toThrow(/^body: .*"colour"/)
  })
})
