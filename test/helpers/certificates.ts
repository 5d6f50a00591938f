/** Certificates made for one test run by OpenSSL. */
import { execFileSync } from 'node:child_process';

export const LOCAL_NAMES = 'DNS:localhost,IP:127.0.0.1';

/**
 * In `folder`: `ca.pem`; for each of `names` (with its subjectAltName) `NAME.key`, `NAME.pem`, which the CA signed, and both in `NAME-both.pem`;
 * and `stranger.key`, `stranger.pem`, which signed itself.
 */
export function makeCertificates(folder: string, names: Readonly<Record<string, string>>): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=kconsole test CA');
  for (const [name, subjectAltName] of Object.entries(names)) {
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '2', '-addext', `subjectAltName=${subjectAltName}`];
    openssl('req', '-x509', ...key, ...signed, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`);
    execFileSync('sh', ['-c', `cat ${name}.key ${name}.pem > ${name}-both.pem`], { cwd: folder });
  }
  openssl('req', '-x509', ...key, '-keyout', 'stranger.key', '-out', 'stranger.pem', '-days', '2', '-subj', '/CN=stranger');
}
