// The dashboard's types of the REST API, from the OpenAPI document that the platform serves.
import fs from 'node:fs'
import path from 'node:path'
import { Failure, root } from './bootstrap.mjs'
import { openApiDocument } from './openapi-document.mjs'

const room = path.join(root, 'apps/review-web')

/** @returns {Promise<string>} TypeScript: paths and operations */
export const apiTypes = async () => {
  // npm may have put it into the room.
  const found = [room, root]
    .map((folder) => path.join(folder, 'node_modules/openapi-typescript/dist/index.mjs'))
    .find((candidate) => fs.existsSync(candidate))
  if (found === undefined) throw new Failure('openapi-typescript is not installed', 'npm run build')
  const { astToString, default: openapiTs } = await import(found)
  const types = astToString(await openapiTs(await openApiDocument()))
  return `// Written by npm run docs:reference from the OpenAPI document.\n${types}`
}
