/** The way to a server in single steps, each with a plain answer: its name, its port, its TLS. For people who ask why nothing connects. */
import { lookup } from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';
import { errorCodeOf } from './errors.ts';

export interface CheckStep {
  /** What was tried: `name kafka-1`, `port kafka-1:9092`. */
  readonly what: string;
  /** `warn`: it works, with something that should be known. */
  readonly outcome: 'ok' | 'warn' | 'failed';
  /** What came of it. */
  readonly answer: string;
  /** What to do; `null`: nothing. */
  readonly advice: string | null;
}

export const STEP_MS = 4_000;

export function ok(what: string, answer: string): CheckStep {
  return { what, outcome: 'ok', answer, advice: null };
}

export function failed(what: string, answer: string, advice: string): CheckStep {
  return { what, outcome: 'failed', answer, advice };
}

/** `null`: it is an address, there is no name to look up. */
export async function checkName(host: string): Promise<CheckStep | null> {
  if (net.isIP(host)) return null;
  const what = `name ${host}`;
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), STEP_MS);
  try {
    const found = await Promise.race([lookup(host, { all: true }), late.promise]);
    if (found === 'late')
      return failed(what, `no name server answered within ${STEP_MS / 1000} s`, 'check the name servers of this host (/etc/resolv.conf)');
    return ok(what, found.map(({ address }) => address).join(', '));
  } catch (error) {
    const isLater = errorCodeOf(error) === 'EAI_AGAIN';
    return failed(
      what,
      isLater ? 'no name server answers' : 'is not known to any name server',
      isLater
        ? 'check the name servers of this host (/etc/resolv.conf), or use an IP address'
        : 'check its spelling, use an IP address, or add it to /etc/hosts',
    );
  } finally {
    clearTimeout(timer);
  }
}

export async function checkPort(host: string, port: number): Promise<CheckStep> {
  const what = `port ${host}:${port}`;
  const error = await dial((done) => net.connect({ host, port }, done));
  if (error === null) return ok(what, 'accepts connections');
  const code = errorCodeOf(error) ?? '';
  if (code === 'ECONNREFUSED')
    return failed(what, 'refused: nothing listens there', 'check the port, and that the server runs and listens on this address');
  if (code === 'TIMEOUT')
    return failed(
      what,
      `no answer within ${STEP_MS / 1000} s`,
      'check the address, and that no firewall or security group drops the packets',
    );
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return failed(what, 'there is no route to it', 'check the network, or the VPN');
  return failed(what, error.message, 'check the address and the network');
}

/** `howToTrust`: where the user names a CA. */
export async function checkTls(host: string, port: number, options: tls.ConnectionOptions, howToTrust: string): Promise<CheckStep> {
  const what = `TLS ${host}:${port}`;
  let facts = '';
  const error = await dial((done) => {
    const socket = tls.connect({ host, port, ...(net.isIP(host) ? {} : { servername: host }), ...options }, () => {
      const until = socket.getPeerCertificate().valid_to;
      facts = `${socket.getProtocol() ?? 'TLS'}, certificate good until ${until ? new Date(until).toISOString().slice(0, 10) : '?'}`;
      done();
    });
    return socket;
  });
  if (error === null) return ok(what, facts);
  const [answer, advice] = tlsFault(error, host, howToTrust);
  return failed(what, answer, advice);
}

const UNTRUSTED = /^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_UNTRUSTED|CERT_SIGNATURE)/;

function tlsFault(error: Error, host: string, howToTrust: string): readonly [answer: string, advice: string] {
  const code = errorCodeOf(error) ?? '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return [
      `its certificate is for another name than ${host}: ${(error as { reason?: string }).reason ?? error.message}`,
      'use a name that the certificate has, or have a certificate made for this one',
    ];
  if (code === 'CERT_HAS_EXPIRED') return ['its certificate has expired', 'have it renewed on the server'];
  if (code === 'CERT_NOT_YET_VALID') return ['its certificate is not valid yet', "check this host's clock, then the certificate"];
  if (UNTRUSTED.test(code)) return [`its certificate is signed by nobody who is trusted here (${code})`, howToTrust];
  if (/ALERT.*(CERTIFICATE|HANDSHAKE_FAILURE)|alert (bad|unknown|certificate|handshake)/i.test(`${code} ${error.message}`))
    return [
      'the server refuses our side of the handshake: it wants a client certificate, or other ciphers',
      'set ssl.keystore.location and its password',
    ];
  return [
    `no TLS is spoken there (${code === 'TIMEOUT' ? `no answer within ${STEP_MS / 1000} s` : error.message})`,
    'this looks like a port without TLS',
  ];
}

/** True when the port answers with TLS, whatever its certificate. */
export async function speaksTls(host: string, port: number): Promise<boolean> {
  return (await dial((done) => tls.connect({ host, port, rejectUnauthorized: false }, done))) === null;
}

class Timeout extends Error {
  readonly code = 'TIMEOUT';
}

function dial(open: (done: () => void) => net.Socket): Promise<Error | null> {
  return new Promise((resolve) => {
    const end = (error: Error | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(error);
    };
    const socket = open(() => end(null));
    const timer = setTimeout(() => end(new Timeout('no answer')), STEP_MS);
    socket.on('error', end);
    socket.on('close', () => end(new Error('the connection was closed')));
  });
}
