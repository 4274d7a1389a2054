import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { contentSubmittedV1 } from '@reeltag/contracts'
import { newId } from '@reeltag/platform'
import {
  describeWith,
  freePort,
  installKafka,
  makeCertificate,
  startKafka,
  until,
  type CertificateFiles,
  type NativeServer,
} from '@reeltag/testing'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { anEvent, BusFixture } from '../bus.fixture.js'
import { EventsFixture } from '../events.fixture.js'

const run = promisify(execFile)
const name = contentSubmittedV1.name
const password = 'a password, with = in it'
describeWith(['kafka', 'tls'], 'a Kafka that wants a login or a certificate over TLS', () => {
  let fixture: EventsFixture
  let broker: NativeServer
  let folder: string
  let environment: Record<string, string>
  let client: CertificateFiles
  let certified: string
  beforeAll(async () => {
    fixture = await EventsFixture.open()
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reeltag-tls-'))
    const store = path.join(folder, 'server.p12')
    const keytool = (...args: string[]) => run('keytool', [...args, '-keystore', store, '-storepass', 'changeit'])
    await keytool(
      ...['-genkeypair', '-alias', 'kafka', '-keyalg', 'RSA', '-storetype', 'PKCS12', '-validity', '2'],
      ...['-dname', 'CN=localhost', '-ext', 'san=ip:127.0.0.1,dns:localhost', '-ext', 'bc:c'],
    )
    const certificate = await keytool('-exportcert', '-alias', 'kafka', '-rfc')
    fs.writeFileSync(path.join(folder, 'ca.pem'), certificate.stdout)
    client = await makeCertificate(folder, 'client')
    const [open, secure, controller] = [await freePort(), await freePort(), await freePort()]
    certified = `127.0.0.1:${await freePort()}`
    const listener = 'listener.name.sasl_ssl'
    const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule'
    const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule'
    const listeners = `PLAINTEXT://127.0.0.1:${open},SASL_SSL://127.0.0.1:${secure},SSL://${certified}`
    broker = await startKafka({
      port: open,
      properties: {
        listeners: `${listeners},CONTROLLER://127.0.0.1:${controller}`,
        'advertised.listeners': listeners,
        'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL,CONTROLLER:PLAINTEXT',
        'listener.name.ssl.ssl.client.auth': 'required',
        'ssl.truststore.location': client.cert,
        'ssl.truststore.type': 'PEM',
        'controller.quorum.voters': `1@127.0.0.1:${controller}`,
        'ssl.keystore.location': store,
        'ssl.keystore.password': 'changeit',
        'ssl.keystore.type': 'PKCS12',
        'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        [`${listener}.plain.sasl.jaas.config`]: `${plain} required user_reeltag="${password}";`,
        [`${listener}.scram-sha-256.sasl.jaas.config`]: `${scram} required;`,
        [`${listener}.scram-sha-512.sasl.jaas.config`]: `${scram} required;`,
      },
    })
    const libs = path.join(await installKafka(), 'libs/*')
    const configure = ['-cp', libs, 'kafka.admin.ConfigCommand', '--bootstrap-server', `127.0.0.1:${open}`, '--alter']
    const user = ['--entity-type', 'users', '--entity-name', 'scrammer']
    for (const bits of ['256', '512']) {
      await run('java', [...configure, '--add-config', `SCRAM-SHA-${bits}=[password=scram-password]`, ...user])
    }
    environment = {
      KAFKA_BROKERS: `127.0.0.1:${secure}`,
      KAFKA_TLS: 'on',
      KAFKA_TLS_CA: path.join(folder, 'ca.pem'),
    }
  })
  afterAll(async () => {
    await broker.remove()
    fs.rmSync(folder, { recursive: true, force: true })
    await fixture.close()
  })

  const logins: [string, Record<string, string>][] = [
    ['plain', { KAFKA_USERNAME: 'reeltag', KAFKA_PASSWORD: password }],
    ['scram-sha-256', { KAFKA_USERNAME: 'scrammer', KAFKA_PASSWORD: 'scram-password' }],
    ['scram-sha-512', { KAFKA_USERNAME: 'scrammer', KAFKA_PASSWORD: 'scram-password' }],
  ]
  const publishesAndConsumes = async (settings: Record<string, string>): Promise<void> => {
    const platform = await BusFixture.open(fixture, { ...environment, ...settings, KAFKA_PREFIX: `${newId()}.` })
    const taken: string[] = []
    platform.bus.subscribe('review', [name], (event) => Promise.resolve(void taken.push(event.id)))
    platform.bus.start()
    const event = anEvent()
    await platform.bus.publish([event])
    await until('it is taken', 30, () => taken.includes(event.id))
    expect(await platform.letters.list({})).toEqual([])
    await platform.close()
  }
  it.each(logins)('lets a %s login publish, consume and read dead letters', (mechanism, login) =>
    publishesAndConsumes({ ...login, KAFKA_SASL: mechanism }),
  )

  it('lets a certificate of ours publish, consume and read dead letters', () =>
    publishesAndConsumes({ KAFKA_BROKERS: certified, KAFKA_TLS_CERT: client.cert, KAFKA_TLS_KEY: client.key }))

  it('is not started against without the certificate that it asks for', async () => {
    const stranger = await makeCertificate(folder, 'stranger')
    for (const files of [{}, { KAFKA_TLS_CERT: stranger.cert, KAFKA_TLS_KEY: stranger.key }]) {
      const settings = { ...environment, KAFKA_BROKERS: certified, ...files }
      await expect(BusFixture.open(fixture, settings)).rejects.toMatchObject({ code: 'KAFKA_REFUSED' })
    }
  })

  it('is not started against with a wrong password or an unknown certificate', async () => {
    const login = { KAFKA_SASL: 'plain', KAFKA_USERNAME: 'reeltag', KAFKA_PASSWORD: password }
    const wrong = { ...environment, ...login, KAFKA_PASSWORD: 'wrong' }
    const { KAFKA_TLS_CA: _, ...unknown } = environment
    await expect(BusFixture.open(fixture, wrong)).rejects.toMatchObject({ code: 'KAFKA_REFUSED' })
    await expect(BusFixture.open(fixture, { ...unknown, ...login })).rejects.toMatchObject({ code: 'KAFKA_REFUSED' })
  })
})
