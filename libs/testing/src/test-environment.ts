import os from 'node:os'
import path from 'node:path'

/** The variables that tests read; `libs/platform` reads those of the product. */
export const testEnvironment = {
  get path(): string {
    return process.env['PATH'] ?? ''
  },
  /** Where servers that npm cannot give are kept between runs. */
  get cacheFolder(): string {
    const base = process.env['XDG_CACHE_HOME']
    return path.join(base === undefined || base === '' ? path.join(os.homedir(), '.cache') : base, 'reeltag')
  },
  /** Folder of the test run that this process belongs to; set by the run, inherited by its workers. */
  get runFolder(): string | undefined {
    return process.env['REELTAG_TEST_RUN']
  },
  set runFolder(folder: string | undefined) {
    if (folder === undefined) delete process.env['REELTAG_TEST_RUN']
    else process.env['REELTAG_TEST_RUN'] = folder
  },
  /** What a downloaded server's installer needs of the user's environment: proxies, certificates, mirrors. */
  get forInstallers(): NodeJS.ProcessEnv {
    return { ...process.env }
  },
}
