// README.zh.md says what README.md says: as many headings, and the same commands.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { translationFaults } from '../check-docs.mjs'

const page = (headings, command) => `${headings.join('\n\n')}\n\n\`\`\`sh first\n# a remark\n${command}\n\`\`\`\n`

test('a translation has the headings and the commands of its original', () => {
  const original = page(['# Reeltag', '## Quick start'], 'npm start   # starts')
  assert.deepEqual(translationFaults(original, page(['# Reeltag', '## 快速开始'], 'npm start   # 启动')), [])
  assert.deepEqual(translationFaults(original, page(['# Reeltag'], 'npm start')), ['other headings'])
  assert.deepEqual(translationFaults(original, page(['# Reeltag', '### 快速开始'], 'npm start')), ['other headings'])
  assert.deepEqual(translationFaults(original, page(['# Reeltag', '## 快速开始'], 'npm test')), ['other commands'])
})
