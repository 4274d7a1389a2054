// npm run build
import { bootstrap, main } from './bootstrap.mjs'

await main(bootstrap)
