/** How a password goes to a server of MySQL 8 that wants it under a key of its own: a scripted server, since none of that kind can be had here. */
import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { parseJdbcUrl } from '../../../src/mysql/jdbc-url.ts';
import { openConnection } from '../../../src/mysql/open-connection.ts';

const PASSWORD = 'hunter2';
const PLUGIN = 'caching_sha2_password';
const SCRAMBLE = Buffer.from('abcdefghijklmnopqrst');
/** PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH; no SSL. */
const CAPABILITIES = 0x200 | 0x8000 | 0x80000;
const FULL_AUTHENTICATION = Buffer.from([1, 4]);
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY_ANSWER = Buffer.concat([Buffer.from([1]), Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }))]);

const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function greeting(): Buffer {
  const numbers = Buffer.alloc(4 + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10);
  SCRAMBLE.copy(numbers, 4, 0, 8);
  numbers.writeUInt16LE(CAPABILITIES & 0xffff, 13);
  numbers[15] = 45;
  numbers.writeUInt16LE(CAPABILITIES >>> 16, 18);
  numbers[20] = 21;
  return Buffer.concat([Buffer.from('\x0a8.4.0\0'), numbers, SCRAMBLE.subarray(8), Buffer.from(`\0${PLUGIN}\0`)]);
}

const switchTo = Buffer.concat([Buffer.from(`\xfe${PLUGIN}\0`, 'latin1'), SCRAMBLE, Buffer.from([0])]);

/** Says each of `words` after one packet of the client; the packets that came. */
async function scriptedServer(words: readonly Buffer[]): Promise<{ port: number; received: Buffer[] }> {
  const received: Buffer[] = [];
  const server = net.createServer((socket) => {
    let sequence = 0;
    const say = (payload: Buffer) => {
      const header = Buffer.from([payload.length & 0xff, payload.length >> 8, 0, sequence]);
      sequence += 2;
      socket.write(Buffer.concat([header, payload]));
    };
    const left = [...words];
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received.push(chunk.subarray(4));
      const next = left.shift();
      if (next) say(next);
      else socket.destroy();
    });
    say(greeting());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as net.AddressInfo).port, received };
}

const open = (port: number, parameters: string) =>
  openConnection(parseJdbcUrl(`jdbc:mysql://127.0.0.1:${port}/?user=kafka&password=${PASSWORD}&${parameters}`), { clock: systemClock });

describe('a server that hands out its key over an open line', () => {
  test('gets no password', async () => {
    const { port, received } = await scriptedServer([switchTo, FULL_AUTHENTICATION, KEY_ANSWER]);
    await expect(open(port, 'sslMode=DISABLED')).rejects.toThrow(/over a line without TLS: put sslMode=REQUIRED or stricter/);
    // The answer to the greeting, the hash, the question for the key.
    expect(received.map((packet) => packet.length)).toEqual([expect.any(Number), 32, 1]);
  });

  test('gets it under that key with allowPublicKeyRetrieval=true', async () => {
    const { port, received } = await scriptedServer([switchTo, FULL_AUTHENTICATION, KEY_ANSWER]);
    await expect(open(port, 'sslMode=DISABLED&allowPublicKeyRetrieval=true')).rejects.toThrow('Connecting to 127.0.0.1');
    const secret = privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, received.at(-1)!);
    expect(secret.map((byte, i) => byte ^ SCRAMBLE[i % SCRAMBLE.length]!).toString()).toBe(`${PASSWORD}\0`);
  });

  test('a server without TLS gets nothing at all when TLS is wanted', async () => {
    const { port, received } = await scriptedServer([switchTo]);
    await expect(open(port, 'sslMode=REQUIRED')).rejects.toThrow('The server speaks no TLS');
    expect(received).toEqual([]);
  });
});
