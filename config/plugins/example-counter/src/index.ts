import type { PluginDefinition } from 'kconsole/plugin';
import { counterSource } from './counter-source.ts';
import { mark } from './mark.ts';

export const plugins: readonly PluginDefinition[] = [counterSource, mark];
