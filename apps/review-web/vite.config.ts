import { convertCssVariables, defaultCssVariablesResolver } from '@mantine/core'
import react from '@vitejs/plugin-react'
import fs from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'
import { mergedTheme } from './src/theme/theme.ts'

/**
 * The theme as a file. Mantine would write it into the page as a style element, which the page's policy
 * (style-src 'self') forbids.
 */
const themeFile: Plugin = {
  name: 'theme-file',
  resolveId: (id) => (id === './theme/variables.css' ? '/__theme.css' : undefined),
  load: (id) =>
    id === '/__theme.css' ? convertCssVariables(defaultCssVariablesResolver(mergedTheme), ':root', ':root') : undefined,
}

const compressible = /\.(js|css|svg)$/
const smallestBytes = 1_024

/** Compressed files beside the others, so that the server compresses nothing. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  // Once they are written: before, Vite still has places to fill in.
  writeBundle: ({ dir = 'dist' }, bundle) => {
    for (const fileName of Object.keys(bundle).filter((name) => compressible.test(name))) {
      const file = path.join(dir, fileName)
      const source = fs.readFileSync(file)
      if (source.length < smallestBytes) continue
      fs.writeFileSync(`${file}.gz`, gzipSync(source, { level: 9 }))
      fs.writeFileSync(`${file}.br`, brotliCompressSync(source))
    }
  },
}

export default defineConfig({
  base: '/app/',
  plugins: [react(), themeFile, compressed],
  // The server puts a new one in its place with every answer, and allows no other style elements.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    // No data: addresses, so that the page's policy can name 'self' alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
})
