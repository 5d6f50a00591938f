/** The config providers that are built in. A new one is one import and one line here. */
import type { ConfigProviderPlugin } from '../../plugin-api/config-provider.ts';
import { directoryConfigProvider } from './directory/index.ts';
import { envVarConfigProvider } from './env/index.ts';
import { fileConfigProvider } from './file/index.ts';

export const configProviders: readonly ConfigProviderPlugin[] = [directoryConfigProvider, envVarConfigProvider, fileConfigProvider];

/** By full class name, simple name (`FileConfigProvider`) or pruned one (`File`); null when there is none. */
export function findConfigProvider(name: string, providers: readonly ConfigProviderPlugin[]): ConfigProviderPlugin | null {
  const namesOf = ({ className }: ConfigProviderPlugin) => {
    const simple = className.slice(className.lastIndexOf('.') + 1);
    return [className, simple, simple.replace(/(?<=.)ConfigProvider$/, '')];
  };
  const found = providers.filter((provider) => namesOf(provider).includes(name));
  return found.length === 1 ? found[0]! : null;
}
