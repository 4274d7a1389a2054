// Loaded before what `npm run build` makes; without it, Node would only name a module that it cannot find.
import fs from 'node:fs'
import path from 'node:path'

const built = path.resolve(import.meta.dirname, '../apps/reeltag/dist/main.js')

if (!fs.existsSync(built)) {
  console.error('this clone is not built yet\n  remedy: npm run build')
  process.exit(1)
}
