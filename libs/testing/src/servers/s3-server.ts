import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import fs from 'node:fs'
import path from 'node:path'
import { freePort } from '../free-port.js'
import { installOnce } from '../installing/install-once.js'
import { dataFolder, NativeServer } from './native-server.js'
import { makeVenv } from '../installing/python-venv.js'

export interface S3Options {
  /** Where it logs beside; default: a new temporary folder. */
  readonly folder?: string
  /** Default: a free one. */
  readonly port?: number
}

const requirements = path.resolve(import.meta.dirname, '../../servers/s3/requirements.txt')
const version = /^moto==(.+)$/m.exec(fs.readFileSync(requirements, 'utf8'))?.[1] ?? 'unknown'
export const s3InstallName = `moto-${version}`

/** Put into the environment of whoever talks to the server: it takes any pair. */
export const s3Credentials = { AWS_ACCESS_KEY_ID: 'reeltag', AWS_SECRET_ACCESS_KEY: 'reeltag-tests' } as const
const region = 'us-east-1'
const bucket = 'reeltag'

/**
 * An S3 of a test's own, with one bucket. `address` goes into BLOB_URL, `s3Credentials` into the environment.
 * It keeps its objects in memory: whatever ends it empties it, so a fault that must keep them is `pause`, or a proxy.
 */
export const startS3 = async (options: S3Options = {}): Promise<NativeServer> => {
  const installed = await installS3()
  const port = options.port ?? (await freePort())
  const endpoint = `http://127.0.0.1:${port}`
  return new NativeServer(`s3://${bucket}?endpoint=${endpoint}&region=${region}&pathStyle=true`, {
    name: 'moto',
    command: [path.join(installed, 'venv/bin/python'), '-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
    folder: dataFolder('s3', options.folder),
    answers: () => hasBucket(endpoint),
  }).start()
}

/** @returns the folder with the virtual environment */
export const installS3 = (): Promise<string> =>
  installOnce(s3InstallName, async (draft) => {
    await makeVenv(path.join(draft, 'venv'), ['-r', requirements])
  })

/** Makes the bucket; that it can be made shows that the server answers. */
const hasBucket = async (endpoint: string): Promise<boolean> => {
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: s3Credentials.AWS_ACCESS_KEY_ID, secretAccessKey: s3Credentials.AWS_SECRET_ACCESS_KEY },
    maxAttempts: 1,
  })
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    return true
  } finally {
    client.destroy()
  }
}
