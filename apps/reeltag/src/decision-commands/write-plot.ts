import fs from 'node:fs/promises'

/** All of it, or the file that was there before. */
export const writePlot = async (file: string, svg: string): Promise<void> => {
  const partial = `${file}.${process.pid}.partial`
  try {
    await fs.writeFile(partial, svg)
    await fs.rename(partial, file)
  } finally {
    await fs.rm(partial, { force: true })
  }
}
