/** The config providers that are built in. A new one is one import and one line here. */
import type { ConfigProviderPlugin } from '../../plugin-api/config-provider.ts';
import { findByName } from '../find-by-name.ts';
import { directoryConfigProvider } from './directory/index.ts';
import { envVarConfigProvider } from './env/index.ts';
import { fileConfigProvider } from './file/index.ts';

export const configProviders: readonly ConfigProviderPlugin[] = [directoryConfigProvider, envVarConfigProvider, fileConfigProvider];

/** By full class name, simple name (`FileConfigProvider`) or pruned one (`File`); null when there is none. */
export function findConfigProvider(name: string, providers: readonly ConfigProviderPlugin[]): ConfigProviderPlugin | null {
  return findByName(name, providers, 'ConfigProvider');
}
