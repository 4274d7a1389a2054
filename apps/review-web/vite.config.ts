import { convertCssVariables, defaultCssVariablesResolver } from '@mantine/core'
import react from '@vitejs/plugin-react'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'
import { mergedTheme } from './src/theme/theme'

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
  generateBundle(_, bundle) {
    for (const [fileName, file] of Object.entries(bundle)) {
      const source = file.type === 'chunk' ? file.code : file.source
      if (!compressible.test(fileName) || source.length < smallestBytes) continue
      this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(source, { level: 9 }) })
      this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(source) })
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
