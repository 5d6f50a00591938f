import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { fileConfigProvider } from '../../../../src/plugins/config-providers/file/index.ts';
import { configProviderContract } from '../../../contracts/config-provider-contract.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-file-provider-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...parts: string[]) => path.join(folder, ...parts);
mkdirSync(at('in', 'data'), { recursive: true });
mkdirSync(at('inner'));
const TEXT = 'password = p\\u00e4ss word\npath.key=a:b\n비밀=열쇠\nempty=\n';
writeFileSync(at('in', 'data', 's.properties'), TEXT);
writeFileSync(at('inner', 'other.properties'), 'password=canary-4711\n');
writeFileSync(at('in', 'broken.properties'), 'password=canary-4711\\u12zz\n');
writeFileSync(at('in', 'latin.properties'), Buffer.from('password=canary-4711\xe4\n', 'latin1'));
// As Kubernetes mounts secrets: a link within the folder.
symlinkSync(path.join('data', 's.properties'), at('in', 's.properties'));
symlinkSync(at('inner', 'other.properties'), at('in', 'out.properties'));
execFileSync('mkfifo', [at('in', 'pipe')]);

const could = (name: string) => `Could not read properties from file ${at('in', name)}`;

configProviderContract({
  plugin: fileConfigProvider,
  names: ['FileConfigProvider', 'File'],
  config: { 'allowed.paths': `${at('in')},${at('in', 'data')}` },
  path: at('in', 's.properties'),
  values: { password: 'päss word', 'path.key': 'a:b', 비밀: '열쇠', empty: '' },
  secret: 'canary-4711',
  without: [
    { what: 'no path', path: '', key: 'password' },
    { what: 'a key that is not there', path: at('in', 's.properties'), key: 'user' },
    {
      what: 'a path that is not allowed',
      path: at('inner', 'other.properties'),
      key: 'password',
      warning: 'is not allowed to be accessed',
    },
    {
      what: 'a path that climbs out',
      path: `${at('in')}/../inner/other.properties`,
      key: 'password',
      warning: 'is not allowed to be accessed',
    },
    { what: 'a relative path', path: 'in/s.properties', key: 'password', warning: 'is not allowed to be accessed' },
    { what: 'a link that leads outside', path: at('in', 'out.properties'), key: 'password', warning: 'it is a link to' },
  ],
  failing: [
    { what: 'a file that is not there', path: at('in', 'missing'), key: 'password', message: could('missing') },
    { what: 'a folder', path: at('in', 'data'), key: 'password', message: could('data') },
    { what: 'a pipe, which would never end', path: at('in', 'pipe'), key: 'password', message: could('pipe') },
    { what: 'a broken escape', path: at('in', 'broken.properties'), key: 'password', message: could('broken.properties') },
    { what: 'bytes that are no UTF-8', path: at('in', 'latin.properties'), key: 'password', message: could('latin.properties') },
  ],
  refused: [
    { config: { 'allowed.paths': 'etc' }, message: 'Path etc is not absolute' },
    { config: { 'allowed.paths': at('nowhere') }, message: `Path ${at('nowhere')} does not exist` },
  ],
});

configProviderContract({
  plugin: fileConfigProvider,
  names: [],
  path: at('inner', 'other.properties'),
  values: { password: 'canary-4711' },
  secret: 'canary-4711',
  without: [{ what: 'a key that is not there', path: at('in', 'out.properties'), key: 'user' }],
  failing: [{ what: 'a file that is not there', path: at('in', 'missing'), key: 'password', message: could('missing') }],
  refused: [],
});
