/** Requests to other workers over TLS: certificates both ways, names, and what is said when they do not fit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NotHereError } from '../../../src/herder/distributed/forwarder.ts';
import { parseRestConfig } from '../../../src/rest/rest-config.ts';
import { startRestServer } from '../../../src/rest/server.ts';
import { LOCAL_NAMES, makeCertificates } from '../../helpers/certificates.ts';
import { afterThisTest } from '../../helpers/http-fixture.ts';
import { createMemoryHerder } from '../../helpers/memory-herder.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-forward-https-'));
const file = (name: string) => path.join(folder, name);
beforeAll(() => makeCertificates(folder, { local: LOCAL_NAMES, remote: 'DNS:worker-7.example' }));
afterAll(() => rmSync(folder, { recursive: true }));

type Settings = Record<string, string>;

const identity = (name: string, prefix = 'listeners.https.'): Settings => ({
  [`${prefix}ssl.keystore.type`]: 'PEM',
  [`${prefix}ssl.keystore.location`]: file(`${name}-both.pem`),
});
const trust = (name = 'ca.pem', prefix = 'listeners.https.'): Settings => ({
  [`${prefix}ssl.truststore.type`]: 'PEM',
  [`${prefix}ssl.truststore.location`]: file(name),
});
const MUTUAL: Settings = { 'listeners.https.ssl.client.auth': 'required' };
const ANY_NAME: Settings = { 'listeners.https.ssl.endpoint.identification.algorithm': '' };

/** What becomes of two changes that a follower with these settings passes on to a leader with those. */
async function forwarded(leaderSettings: Settings, followerSettings: Settings): Promise<string> {
  const herder = createMemoryHerder({ stopConnector: async () => undefined });
  const leader = await startRestServer(parseRestConfig({ listeners: 'https://127.0.0.1:0', ...leaderSettings }));
  afterThisTest(() => void leader.close());
  leader.serve(herder);
  const follower = await startRestServer(parseRestConfig({ listeners: 'http://127.0.0.1:0', ...followerSettings }));
  afterThisTest(() => void follower.close());
  const stopConnector = async (): Promise<never> => {
    throw new NotHereError(leader.advertisedUrl, 'Only the leader can make this change.');
  };
  follower.serve(createMemoryHerder({ stopConnector }));
  const stop = async () => {
    const answer = await fetch(`${follower.addresses[0]}/connectors/a/stop`, { method: 'PUT' });
    return `${answer.status} ${await answer.text()}`;
  };
  const first = await stop();
  expect(await stop()).toBe(first);
  return first.replaceAll(leader.advertisedUrl, 'URL');
}

const NO_WAY = '500 {"error_code":500,"message":"IO Error trying to forward REST request: PUT /connectors/a/stop at URL: ';

test('both show a certificate of the same CA', async () => {
  const both = { ...identity('local'), ...trust() };
  expect(await forwarded({ ...both, ...MUTUAL }, both)).toBe('204 ');
});

test('settings without prefix count when there is none with it, and only then', async () => {
  const plain = { ...identity('local', ''), ...trust('ca.pem', '') };
  const leader = { ...identity('local'), ...trust(), ...MUTUAL };
  expect(await forwarded(leader, plain)).toBe('204 ');
  expect(await forwarded(leader, { ...plain, ...trust('stranger.pem') })).toContain(NO_WAY);
});

test('a caller without a certificate, where one is wanted', async () => {
  expect(await forwarded({ ...identity('local'), ...trust(), ...MUTUAL }, trust())).toContain(NO_WAY);
});

test('a certificate of nobody known', async () => {
  const answer = await forwarded(identity('local'), trust('stranger.pem'));
  expect(answer).toContain(NO_WAY);
  expect(answer).toContain('(set ssl.truststore.location, in listeners.https. where that is in use)');
});

test('a certificate of another host: refused, unless any name will do', async () => {
  const answer = await forwarded(identity('remote'), trust());
  expect(answer).toContain(`${NO_WAY}Hostname/IP does not match certificate's altnames`);
  expect(answer).toContain('set rest.advertised.host.name there to a name of its certificate');
  expect(await forwarded(identity('remote'), { ...trust(), ...ANY_NAME })).toBe('204 ');
  expect(await forwarded(identity('remote'), { ...trust('stranger.pem'), ...ANY_NAME })).toContain(NO_WAY);
});

test('a trust store that cannot be read is named', async () => {
  expect(await forwarded(identity('local'), trust('missing.pem'))).toContain(file('missing.pem'));
});
