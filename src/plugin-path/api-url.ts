import { existsSync } from 'node:fs';

/** Where this program's own `kconsole/plugin` lies: its source, or `plugin.js` of the bundle. */
export function apiUrl(): string {
  if (import.meta.url.endsWith('.ts')) return new URL('../plugin-api/index.ts', import.meta.url).href;
  const beside = new URL('./plugin.js', import.meta.url);
  return (existsSync(beside) ? beside : new URL('../plugin.js', import.meta.url)).href;
}
