import { envVarConfigProvider } from '../../../../src/plugins/config-providers/env/index.ts';
import { configProviderContract } from '../../../contracts/config-provider-contract.ts';

process.env.KCONSOLE_PROVIDER_TEST_A = '열쇠 a';
process.env.KCONSOLE_PROVIDER_TEST_EMPTY = '';
process.env.KCONSOLE_OTHER_TEST = 'canary-4711';

configProviderContract({
  plugin: envVarConfigProvider,
  names: ['EnvVarConfigProvider', 'EnvVar'],
  config: { 'allowlist.pattern': 'KCONSOLE_PROVIDER_\\w++' },
  path: '',
  values: { KCONSOLE_PROVIDER_TEST_A: '열쇠 a', KCONSOLE_PROVIDER_TEST_EMPTY: '' },
  secret: 'canary-4711',
  without: [
    { what: 'a variable that is not there', path: '', key: 'KCONSOLE_PROVIDER_TEST_B' },
    { what: 'a variable that the pattern does not take', path: '', key: 'KCONSOLE_OTHER_TEST' },
    { what: 'a pattern that takes a part only', config: { 'allowlist.pattern': 'OTHER' }, path: '', key: 'KCONSOLE_OTHER_TEST' },
  ],
  failing: [
    {
      what: 'a path',
      path: '/etc',
      key: 'KCONSOLE_PROVIDER_TEST_A',
      message: "Path is not supported for EnvVarConfigProvider, invalid value '/etc'",
    },
  ],
  refused: [{ config: { 'allowlist.pattern': '(' }, message: /^Invalid value \( for configuration allowlist.pattern: / }],
});

configProviderContract({
  plugin: envVarConfigProvider,
  names: [],
  path: '',
  values: { KCONSOLE_OTHER_TEST: 'canary-4711' },
  secret: 'canary-4711',
  without: [{ what: 'a variable that is not there', path: '', key: 'KCONSOLE_PROVIDER_TEST_B' }],
  failing: [],
  refused: [],
});
