/** Databases of our own: TLS with certificates of our own, a server that dies and comes back, what starting one leaves behind. */
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { type MariaDb, removeMariaDb, startMariaDb } from '../../src/demo/mariadb.ts';
import type { DatabaseConnection } from '../../src/mysql/connection.ts';
import { parseJdbcUrl } from '../../src/mysql/jdbc-url.ts';
import { openConnection } from '../../src/mysql/open-connection.ts';
import { LOCAL_NAMES, makeCertificates } from '../helpers/certificates.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let folder: string;
let server: MariaDb;

const file = (name: string) => path.join(folder, name);

function start(name: string, certificate: string, certificates = folder): Promise<MariaDb> {
  return startMariaDb({
    folder: file(name),
    firstStatements: [
      'CREATE DATABASE shop',
      "CREATE USER kafka@'%' IDENTIFIED BY 'kafka123'",
      "GRANT ALL ON shop.* TO kafka@'%'",
      "CREATE USER bearer@'%' REQUIRE X509",
    ],
    options: {
      'ssl-ca': path.join(certificates, 'ca.pem'),
      'ssl-cert': path.join(certificates, `${certificate}.pem`),
      'ssl-key': path.join(certificates, `${certificate}.key`),
    },
  });
}

const open = (parameters: string, { host = '127.0.0.1', port = server.port, user = 'kafka', password = 'kafka123' } = {}) =>
  openConnection(parseJdbcUrl(`jdbc:mysql://${host}:${port}/?user=${user}&password=${password}&${parameters}`), { clock: systemClock });

async function tlsOf(connection: DatabaseConnection): Promise<unknown> {
  const { rows } = await connection.query("SHOW STATUS LIKE 'Ssl_version'");
  await connection.close();
  return rows[0]?.[1];
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kconsole-mysql-'));
  makeCertificates(folder, { server: LOCAL_NAMES, name: 'DNS:localhost', client: 'DNS:client' });
  server = await start('server', 'server');
});

afterAll(async () => {
  await server.stop();
  removeMariaDb(folder);
});

describe('TLS', () => {
  const trust = () => `trustCertificateKeyStoreType=PEM&trustCertificateKeyStoreUrl=file://${file('ca.pem')}`;

  test.each([
    ['', 'TLSv1.3'],
    ['sslMode=DISABLED', ''],
    ['sslMode=REQUIRED', 'TLSv1.3'],
    ['useSSL=false', ''],
  ])('"%s" gives "%s"', async (parameters, version) => {
    expect(await tlsOf(await open(parameters))).toBe(version);
  });

  test('a certificate of an authority that is trusted', async () => {
    expect(await tlsOf(await open(`sslMode=VERIFY_CA&${trust()}`))).toBe('TLSv1.3');
    expect(await tlsOf(await open(`sslMode=VERIFY_IDENTITY&${trust()}`))).toBe('TLSv1.3');
    expect(await tlsOf(await open(`sslMode=VERIFY_IDENTITY&${trust()}`, { host: 'localhost' }))).toBe('TLSv1.3');
    expect(await tlsOf(await open(`sslMode=VERIFY_CA&serverSslCert=${file('ca.pem')}`))).toBe('TLSv1.3');
  });

  test('one of an authority that is not is refused, with what to do', async () => {
    const stranger = `trustCertificateKeyStoreType=PEM&trustCertificateKeyStoreUrl=${file('stranger.pem')}`;
    for (const parameters of ['sslMode=VERIFY_CA', `sslMode=VERIFY_CA&${stranger}`])
      await expect(open(parameters)).rejects.toThrow(/self-signed certificate.*trustCertificateKeyStoreUrl/);
  });

  test('a certificate of another name: VERIFY_IDENTITY looks, VERIFY_CA does not', async () => {
    const other = await start('other', 'name');
    try {
      const at = { port: other.port };
      await expect(open(`sslMode=VERIFY_IDENTITY&${trust()}`, at)).rejects.toThrow('IP: 127.0.0.1 is not in the cert');
      expect(await tlsOf(await open(`sslMode=VERIFY_IDENTITY&${trust()}`, { ...at, host: 'localhost' }))).toBe('TLSv1.3');
      expect(await tlsOf(await open(`sslMode=VERIFY_CA&${trust()}`, at))).toBe('TLSv1.3');
    } finally {
      await other.stop();
    }
  });

  test('a client with a certificate of its own', async () => {
    const bearer = { user: 'bearer', password: '' };
    await expect(open('', bearer)).rejects.toThrow('Access denied');
    const identity = `clientCertificateKeyStoreType=PEM&clientCertificateKeyStoreUrl=${file('client-both.pem')}`;
    expect(await tlsOf(await open(identity, bearer))).toBe('TLSv1.3');
  });

  test('a store that is not there is named', async () => {
    await expect(open('sslMode=VERIFY_CA&trustCertificateKeyStoreUrl=/nope.p12')).rejects.toThrow(
      'trustCertificateKeyStoreUrl: cannot read /nope.p12: there is no such file.',
    );
  });

  test('a server without TLS: PREFERRED goes on without, REQUIRED refuses', async () => {
    const plain = await startMariaDb({ folder: file('plain'), firstStatements: ["CREATE USER kafka@'%' IDENTIFIED BY 'kafka123'"] });
    try {
      const at = { port: plain.port };
      expect(await tlsOf(await open('', at))).toBe('');
      await expect(open('sslMode=REQUIRED', at)).rejects.toThrow('The server speaks no TLS');
    } finally {
      await plain.stop();
    }
  });
});

describe('a server that dies', () => {
  test('a stream fails, the loss is known, and after the start all is there', async () => {
    const connection = await open('');
    await connection.execute('CREATE TABLE shop.kept AS SELECT seq FROM shop.seq_1_to_100000');
    const stream = await connection.stream('SELECT seq FROM shop.kept');
    expect(await stream.next(1)).toEqual([[1n]]);
    await server.kill();
    const drained = (async () => {
      while ((await stream.next(10_000)) !== null);
    })();
    // What was on its way already may have been all of it.
    await drained.catch((error) => expect(error).toMatchObject({ isConnectionLost: true, isRetriable: true }));
    await waitUntil('the loss is known', async () => !(await connection.isUsable()));
    await expect(connection.query('SELECT 1')).rejects.toMatchObject({ sqlState: '08S01' });
    await expect(open('')).rejects.toThrow('ECONNREFUSED');
    await server.start();
    const again = await open('');
    expect((await again.query('SELECT COUNT(*) FROM shop.kept')).rows).toEqual([[100_000n]]);
    await again.close();
  });
});

describe('a server of one’s own', () => {
  test('is for this machine only, keeps its data, and leaves nothing running', async () => {
    const settings = { folder: file('own'), options: { 'general-log': '1' } };
    const first = await startMariaDb({
      ...settings,
      firstStatements: ['CREATE DATABASE shop', "CREATE USER kafka@'%' IDENTIFIED BY 'kafka123'"],
    });
    const root = await open('', { port: first.port, user: 'root', password: '' });
    const { rows } = await root.query('SELECT @@bind_address, @@local_infile, @@explicit_defaults_for_timestamp, @@datadir');
    expect(rows).toEqual([['127.0.0.1', 0n, 0n, `${file('own/data')}/`]]);
    await root.execute('CREATE TABLE shop.kept (id INT)');
    await root.close();
    expect(readFileSync(first.generalLog, 'utf8')).toContain('CREATE TABLE shop.kept (id INT)');
    const pid = Number(readFileSync(file('own/server.pid'), 'utf8'));
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await first.stop();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(readdirSync(file('own')).filter((name) => name.includes('partial') || name.includes('statements'))).toEqual([]);

    const second = await startMariaDb(settings);
    const again = await open('', { port: second.port, user: 'root', password: '' });
    expect((await again.query("SHOW TABLES FROM shop LIKE 'kept'")).rows).toEqual([['kept']]);
    await again.close();
    await second.stop();
  });

  test('says why it did not start', async () => {
    await expect(startMariaDb({ folder: file('bad'), options: { 'no-such-option': '1' } })).rejects.toThrow(
      /could not make its data.*unknown variable/s,
    );
  });

  test('a start that is given up leaves nothing running', async () => {
    const stop = new AbortController();
    const starting = startMariaDb({ folder: file('stopped'), signal: stop.signal });
    const reason = new Error('stopped');
    await waitUntil('it makes its data', () => existsSync(file('stopped/data.partial')));
    stop.abort(reason);
    await expect(starting).rejects.toBe(reason);
    expect(existsSync(file('stopped/data'))).toBe(false);
  });
});
