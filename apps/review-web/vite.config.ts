import { convertCssVariables, defaultCssVariablesResolver } from '@mantine/core'
import react from '@vitejs/plugin-react'
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

export default defineConfig({
  base: '/app/',
  plugins: [react(), themeFile],
  build: {
    target: 'es2022',
    // No data: addresses, so that the page's policy can name 'self' alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
})
