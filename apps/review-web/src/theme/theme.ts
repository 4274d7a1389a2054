import { createTheme, mergeMantineTheme, DEFAULT_THEME, Drawer, Modal } from '@mantine/core'

/** One accent colour; everything else is grey. White reaches 4.5 : 1 on steps 6 and 7. */
const accent = [
  '#effaf8',
  '#d5f1ec',
  '#aee3da',
  '#7dd0c4',
  '#4fb8aa',
  '#2a9d90',
  '#158076',
  '#0f6b63',
  '#0f5650',
  '#0f4743',
] as const

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  fontFamily:
    "Inter, -apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'Noto Sans Mono', monospace",
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  components: {
    // The page itself never scrolls, so that nothing has to be locked by a style element.
    Modal: Modal.extend({ defaultProps: { lockScroll: false } }),
    Drawer: Drawer.extend({ defaultProps: { lockScroll: false } }),
  },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
})

export const mergedTheme = mergeMantineTheme(DEFAULT_THEME, theme)
