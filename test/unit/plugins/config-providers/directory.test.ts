import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { directoryConfigProvider } from '../../../../src/plugins/config-providers/directory/index.ts';
import { configProviderContract } from '../../../contracts/config-provider-contract.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-directory-provider-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...parts: string[]) => path.join(folder, ...parts);
mkdirSync(at('in', 'deeper'), { recursive: true });
mkdirSync(at('out'));
writeFileSync(at('in', 'password'), 'line 1\n비밀\n');
writeFileSync(at('in', 'empty'), '');
writeFileSync(at('in', 'binary'), Buffer.from('canary-4711\xff', 'latin1'));
writeFileSync(at('out', 'password'), 'canary-4711');
symlinkSync('password', at('in', 'linked'));
symlinkSync(at('out', 'password'), at('in', 'leading-out'));
symlinkSync(at('nowhere'), at('in', 'leading-nowhere'));

configProviderContract({
  plugin: directoryConfigProvider,
  names: ['DirectoryConfigProvider', 'Directory'],
  config: { 'allowed.paths': `${at('in')},` },
  path: at('in'),
  values: { password: 'line 1\n비밀\n', empty: '', linked: 'line 1\n비밀\n' },
  secret: 'canary-4711',
  without: [
    { what: 'no path', path: '', key: 'password' },
    { what: 'a file that is not there', path: at('in'), key: 'user' },
    { what: 'a folder in the folder', path: at('in'), key: 'deeper' },
    { what: 'a key that climbs out', path: at('in'), key: '../out/password' },
    { what: 'a folder that is not allowed', path: at('out'), key: 'password', warning: 'is not allowed to be accessed' },
    { what: 'a path that climbs out', path: `${at('in')}/../out`, key: 'password', warning: 'is not allowed to be accessed' },
    { what: 'a folder that is not there', path: at('in', 'nowhere'), key: 'password', warning: 'is not a directory' },
    { what: 'a file in place of the folder', path: at('in', 'password'), key: 'password', warning: 'is not a directory' },
    { what: 'a link that leads outside', path: at('in'), key: 'leading-out', warning: 'it is a link to' },
    { what: 'a link that leads to nothing', path: at('in'), key: 'leading-nowhere' },
  ],
  failing: [
    {
      what: 'bytes that are no UTF-8',
      path: at('in'),
      key: 'binary',
      message: `Could not read file ${at('in', 'binary')} for property binary`,
    },
  ],
  refused: [{ config: { 'allowed.paths': `${at('in')}, in` }, message: 'Path in is not absolute' }],
});
