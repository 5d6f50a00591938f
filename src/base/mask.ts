/**
 * Which configuration values are secrets, and how they look where people may read them. By type first (keys that a spec declares
 * PASSWORD), then by name. References such as `${file:/secrets:password}` are no secrets: they stay readable and editable.
 */
export const HIDDEN = '[hidden]';

const SECRET_NAME =
  /password|passwd|secret|token|credential|api[._-]?key|private[._-]?key|jaas|(?:^|\.)ssl\.(?:keystore\.)?key$|basic\.auth\.user\.info/i;
/** Names that the rule above catches and that say where or how, not what. */
const HARMLESS_NAME =
  /(?:url|uri|endpoint|location|path|file|type|class|mechanism|provider|source|\.ms|\.seconds|claim(?:\.name)?|delimiter)$/i;
const REFERENCE = /\$\{[^}:]+:[^}]*\}/;
const URL_NAME = /(?:url|uri)$/i;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
}

/** `value` as people may see it. `passwordKeys`: names whose spec says PASSWORD. */
export function maskValue(name: string, value: string, passwordKeys?: ReadonlySet<string>): string {
  if (value === '') return value;
  if (passwordKeys?.has(name) || isSecretName(name)) return isOnlyReferences(value) ? value : HIDDEN;
  return URL_NAME.test(name) || /^[a-z][\w+.:-]*:\/\//i.test(value) ? maskUrl(value) : value;
}

/** The configuration with every secret replaced by `[hidden]`; order of keys kept. */
export function maskConfig<V extends string | null>(
  config: Readonly<Record<string, V>>,
  passwordKeys?: ReadonlySet<string>,
): Record<string, V | string> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, value === null ? value : maskValue(name, value, passwordKeys)]),
  );
}

/** Text with nothing but references has nothing to hide. */
function isOnlyReferences(value: string): boolean {
  return REFERENCE.test(value) && value.replaceAll(new RegExp(REFERENCE, 'g'), '').trim() === '';
}

/** User information and secret parameters of a URL (also of `jdbc:` ones, which `URL` cannot read). */
export function maskUrl(value: string): string {
  return value
    .replace(/(\/\/)([^/?#\s]*)@/, (_, slashes: string, user: string) => `${slashes}${isOnlyReferences(user) ? user : HIDDEN}@`)
    .replace(/([?&;])([\w.-]+)=([^&;#\s]*)/g, (whole, mark: string, name: string, secret: string) =>
      isSecretName(name) && !isOnlyReferences(secret) ? `${mark}${name}=${HIDDEN}` : whole,
    );
}

/** Any text with the passwords in its addresses and parameters replaced: `jdbc:…://user:…@`, `password=…`, `"token": "…"`. */
export function maskText(text: string): string {
  return text
    .replace(/\b([a-z][\w+.:-]*:\/\/[^\s:/@]+):[^\s@/]+@/gi, `$1:${HIDDEN}@`)
    .replace(/\b(password|passwd|pwd|secret|token|api[_-]?key)(["']?\s*[=:]\s*["']?)(?!\$\{|\[hidden\])([^\s"'&;,]+)/gi, `$1$2${HIDDEN}`);
}
