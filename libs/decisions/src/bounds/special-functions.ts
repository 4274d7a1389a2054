import * as cephes from 'cephes'

// The library is WebAssembly: its functions exist once it is compiled.
await cephes.compiled

export const { bdtr, incbi } = cephes
