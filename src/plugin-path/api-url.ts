import { entryUrl } from '../base/entry-url.ts';

/** Where this program's own `kconsole/plugin` lies: its source, or `plugin.js` of the bundle. */
export function apiUrl(): string {
  return entryUrl(import.meta.url, '../plugin-api/index.ts', 'plugin.js').href;
}
