import fs from 'node:fs'
import path from 'node:path'

// Who may import whom. A room lists everything it may see; whatever is not listed is forbidden.
const rooms = {
  'libs/contracts': [],
  'libs/taxonomy': ['libs/contracts'],
  'libs/decisions': ['libs/contracts', 'libs/taxonomy'],
  'libs/packs': ['libs/contracts', 'libs/taxonomy'],
  'libs/inference': ['libs/contracts', 'libs/packs'],
  'libs/platform': ['libs/contracts'],
  'libs/http': ['libs/contracts', 'libs/platform'],
  'libs/events': ['libs/contracts', 'libs/platform'],
  'libs/pipeline': ['libs/contracts', 'libs/platform', 'libs/events'],
  'libs/testing': ['libs/contracts', 'libs/platform'],
}
const appLibs = [
  'contracts',
  'taxonomy',
  'decisions',
  'packs',
  'inference',
  'platform',
  'http',
  'events',
  'pipeline',
].map((lib) => `libs/${lib}`)
// Every app but reeltag, which mounts them.
const folders = fs.readdirSync(path.join(import.meta.dirname, 'apps'))
// What runs in a browser knows the platform by its REST API alone.
const isBundled = (app) => fs.existsSync(path.join(import.meta.dirname, 'apps', app, 'vite.config.ts'))
for (const app of folders.filter(isBundled)) rooms[`apps/${app}`] = []
const apps = folders.filter((app) => app !== 'reeltag' && !isBundled(app))
for (const app of apps) rooms[`apps/${app}`] = appLibs
rooms['apps/reeltag'] = [...appLibs, ...apps.map((app) => `apps/${app}`)]

const specs = '\\.(spec|fixture)\\.ts$'
const folder = (room) => `^${room}/`

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room.replace('/', '-')}`,
  comment: `${room} may import ${allowed.join(', ') || 'no other room'}`,
  severity: 'error',
  from: { path: folder(room), pathNot: specs },
  to: { path: '^(libs|apps|e2e|bench)/', pathNot: [room, ...allowed].map(folder) },
}))

export default {
  forbidden: [
    ...roomRules,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'testing-only-in-tests',
      comment: 'libs/testing is for specs, bench and e2e',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: [specs, '^libs/testing/'] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'no-deep-imports',
      comment: "another room is entered by its front door: the package's one export",
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: {
        path: '^(libs|apps)/[^/]+/(src|dist)/',
        pathNot: [
          '^$1/$2/',
          '^libs/[^/]+/(src|dist)/index\\.(ts|js|d\\.ts)$',
          '^apps/[^/]+/(src|dist)/[a-z-]+\\.module\\.(ts|js|d\\.ts)$',
        ],
      },
    },
    {
      name: 'nest-stays-out',
      comment: 'Nest appears in apps, http, platform, events and pipeline only',
      severity: 'error',
      from: { path: '^libs/(contracts|taxonomy|decisions|packs|inference|testing)/' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'declared-dependencies',
      comment: 'what a room imports stands in its package.json',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: specs },
      // Rooms are links in node_modules; scripts/lint.mjs holds those against package.json.
      to: { path: 'node_modules', dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: ['node_modules', '/dist/', '/generated/'] },
    exclude: { path: ['/generated/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
}
