// A link in the documents leads somewhere: to a file, and to a heading of it as GitHub names headings.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anchorsOf, linkProblems } from '../check-docs.mjs'

test('headings have the anchors that GitHub gives them', () => {
  const page = [
    '# Operations · 运维',
    '## `packs list`, and more',
    '## Start',
    '## Start',
    '<a id="CODE"></a>',
    '```sh',
    '# no heading',
    '```',
  ]
  assert.deepEqual(
    [...anchorsOf(page.join('\n'))],
    ['operations--运维', 'packs-list-and-more', 'start', 'start-1', 'CODE'],
  )
})

test('a link to a file or a heading that does not exist is refused', () => {
  const page = 'docs/operations/start.md'
  const problems = (text) => linkProblems(page, text)
  assert.deepEqual(
    problems('[a](deploy.md#kubernetes) [b](../errors.md#PORT_TAKEN) [c](#commands) [d](https://x.y/z#q)'),
    [],
  )
  assert.deepEqual(problems('[a](nowhere.md)'), [`${page}: docs/operations/nowhere.md does not exist`])
  assert.deepEqual(problems('[a](deploy.md#docker)'), [`${page}: docs/operations/deploy.md has no heading #docker`])
  assert.deepEqual(problems('[a](#docker)'), [`${page}: ${page} has no heading #docker`])
})
