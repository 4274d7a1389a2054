import path from 'node:path'
import { runTool } from './run-tool.js'

export interface CertificateFiles {
  /** PEM; vouches for itself, so it is also what a peer must trust. */
  readonly cert: string
  /** PEM, PKCS #8, without a passphrase. */
  readonly key: string
}

/** A certificate for this machine, good for two days. @param name also its distinguished name and its file's name */
export const makeCertificate = async (folder: string, name: string): Promise<CertificateFiles> => {
  const files = { cert: path.join(folder, `${name}.pem`), key: path.join(folder, `${name}.key`) }
  const kind = ['-x509', '-newkey', 'rsa:2048', '-noenc', '-days', '2', '-subj', `/CN=${name}`]
  const extensions = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
  await runTool('openssl', ['req', ...kind, ...extensions, '-keyout', files.key, '-out', files.cert], folder)
  return files
}
