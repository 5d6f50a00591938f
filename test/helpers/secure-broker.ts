/**
 * One real broker with every kind of listener that clients log in to: SASL_PLAINTEXT (PLAIN, SCRAM, OAUTHBEARER with the broker's unsecured
 * validator), SASL_SSL, TLS with client certificates, and one whose certificate names another host. Certificates are made by the JDK's keytool.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../src/demo/free-port.ts';
import { findJava } from '../../src/demo/java.ts';
import { type KafkaCluster, startKafkaCluster } from '../../src/demo/kafka-cluster.ts';

const run = promisify(execFile);

export const STORE_PASSWORD = 'changeit';
/** With everything in it that quoting has to survive. */
export const ALICE_PASSWORD = 'al"ice\\ s;e=cret';
const ALICE_IN_JAAS = ALICE_PASSWORD.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
/** After this time a login must be renewed. */
export const REAUTHENTICATION_MS = 2000;

export interface SecureBroker {
  readonly cluster: KafkaCluster;
  /** `127.0.0.1:port` by listener. */
  readonly addresses: Readonly<Record<'plaintext' | 'sasl' | 'saslTls' | 'mtls' | 'wrongName', string>>;
  /** Files: `ca.pem`, `trust.p12`, `client.p12`, `stranger.p12` (signed by nobody we trust). */
  file(name: string): string;
  addScramUser(name: string, password: string): Promise<void>;
}

export async function startSecureBroker(folder: string): Promise<SecureBroker> {
  await makeCertificates(folder);
  const [plaintext, sasl, saslTls, mtls, wrongName, controller] = await Promise.all(Array.from({ length: 6 }, freePort));
  const listeners = { PLAINTEXT: plaintext, SASL: sasl, SASLTLS: saslTls, MTLS: mtls, WRONGNAME: wrongName };
  const urls = Object.entries(listeners).map(([name, port]) => `${name}://127.0.0.1:${port}`);
  const store = (name: string, listener: string) => ({
    [`listener.name.${listener}.ssl.keystore.type`]: 'PKCS12',
    [`listener.name.${listener}.ssl.keystore.location`]: path.join(folder, name),
    [`listener.name.${listener}.ssl.keystore.password`]: STORE_PASSWORD,
    [`listener.name.${listener}.ssl.key.password`]: STORE_PASSWORD,
  });
  const logins = (listener: string) => ({
    [`listener.name.${listener}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    [`listener.name.${listener}.plain.sasl.jaas.config`]: properties(
      `org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="${ALICE_IN_JAAS}";`,
    ),
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`]: 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`]: 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    [`listener.name.${listener}.oauthbearer.sasl.jaas.config`]:
      'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";',
    [`listener.name.${listener}.oauthbearer.connections.max.reauth.ms`]: String(REAUTHENTICATION_MS),
  });
  const cluster = await startKafkaCluster({
    brokers: 1,
    folder,
    preferredPorts: [plaintext!],
    properties: {
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      listeners: [...urls, `CONTROLLER://127.0.0.1:${controller}`].join(','),
      'advertised.listeners': urls.join(','),
      'listener.security.protocol.map':
        'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,SASLTLS:SASL_SSL,MTLS:SSL,WRONGNAME:SSL',
      ...logins('sasl'),
      ...logins('sasltls'),
      ...store('broker.p12', 'sasltls'),
      ...store('broker.p12', 'mtls'),
      ...store('wrong-name.p12', 'wrongname'),
      'listener.name.mtls.ssl.client.auth': 'required',
      'listener.name.mtls.ssl.truststore.type': 'PKCS12',
      'listener.name.mtls.ssl.truststore.location': path.join(folder, 'trust.p12'),
      'listener.name.mtls.ssl.truststore.password': STORE_PASSWORD,
    },
  });
  const address = (port: number | undefined) => `127.0.0.1:${port}`;
  return {
    cluster,
    addresses: {
      plaintext: address(plaintext),
      sasl: address(sasl),
      saslTls: address(saslTls),
      mtls: address(mtls),
      wrongName: address(wrongName),
    },
    file: (name) => path.join(folder, name),
    addScramUser: (name, password) => addScramUser(address(plaintext), name, password),
  };
}

/** A value as it stands in a `.properties` file. */
function properties(value: string): string {
  return value.replaceAll('\\', '\\\\');
}

async function addScramUser(bootstrap: string, name: string, password: string): Promise<void> {
  const libs = process.env.KCONSOLE_TEST_KAFKA_LIBS;
  if (!libs) throw new Error('KCONSOLE_TEST_KAFKA_LIBS must name the folder with the jars of Kafka');
  const java = await findJava();
  const tool = ['-XX:TieredStopAtLevel=1', '-cp', path.join(libs, '*'), 'kafka.admin.ConfigCommand', '--bootstrap-server', bootstrap];
  // One request must not change two credentials of a user.
  for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512']) {
    const credential = `${mechanism}=[iterations=4096,password=${password}]`;
    await run(java, [...tool, '--alter', '--add-config', credential, '--entity-type', 'users', '--entity-name', name]);
  }
}

async function makeCertificates(folder: string): Promise<void> {
  const keytool = (...args: string[]) => run('keytool', ['-J-XX:TieredStopAtLevel=1', ...args], { cwd: folder });
  const pair = (alias: string, ...more: string[]) =>
    keytool(
      '-genkeypair',
      '-alias',
      alias,
      '-keyalg',
      'EC',
      '-groupname',
      'secp256r1',
      '-validity',
      '30',
      '-dname',
      `CN=${alias}`,
      '-storetype',
      'PKCS12',
      '-keystore',
      `${alias}.p12`,
      '-storepass',
      STORE_PASSWORD,
      ...more,
    );
  await Promise.all([pair('ca', '-ext', 'bc:c'), pair('broker'), pair('wrong-name'), pair('client'), pair('stranger')]);
  await keytool('-exportcert', '-rfc', '-alias', 'ca', '-keystore', 'ca.p12', '-storepass', STORE_PASSWORD, '-file', 'ca.pem');
  const sign = async (alias: string, ...more: string[]) => {
    const pass = ['-storepass', STORE_PASSWORD];
    await keytool('-certreq', '-alias', alias, '-keystore', `${alias}.p12`, ...pass, '-file', `${alias}.csr`);
    await keytool(
      '-gencert',
      '-rfc',
      '-alias',
      'ca',
      '-keystore',
      'ca.p12',
      ...pass,
      '-validity',
      '30',
      '-infile',
      `${alias}.csr`,
      '-outfile',
      `${alias}.pem`,
      ...more,
    );
    await keytool('-importcert', '-noprompt', '-alias', 'ca', '-keystore', `${alias}.p12`, ...pass, '-file', 'ca.pem');
    await keytool('-importcert', '-noprompt', '-alias', alias, '-keystore', `${alias}.p12`, ...pass, '-file', `${alias}.pem`);
  };
  await Promise.all([
    sign('broker', '-ext', 'san=ip:127.0.0.1,dns:localhost'),
    sign('wrong-name', '-ext', 'san=dns:kafka.example.com'),
    sign('client'),
    keytool(
      '-importcert',
      '-noprompt',
      '-alias',
      'ca',
      '-storetype',
      'PKCS12',
      '-keystore',
      'trust.p12',
      '-storepass',
      STORE_PASSWORD,
      '-file',
      'ca.pem',
    ),
  ]);
}
