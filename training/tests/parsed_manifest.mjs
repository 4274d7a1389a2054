// node parsed_manifest.mjs: a pack.json on standard input, what the platform reads of it out.
import { readFileSync } from 'node:fs'
import { PackManifestV2 } from '../../libs/contracts/dist/index.js'

process.stdout.write(JSON.stringify(PackManifestV2.parse(JSON.parse(readFileSync(0, 'utf8')))))
