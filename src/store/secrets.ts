/** Values that must not be shown or written down: told by the name of their key, and inside connection strings. */

const SECRET_NAME =
  /(password|passwd|secret|token|credential|api[._-]?key|private[._-]?key|jaas|ssl\.(key|keystore\.key|truststore\.certificates)|basic\.auth\.user\.info)/i;
const PLACEHOLDER = /^\$\{[^}]+\}$/;
export const HIDDEN = '[hidden]';

/** `${file:…}` and its like stay: they are names of secrets, not secrets. */
export function maskValue(key: string, value: string): string {
  if (PLACEHOLDER.test(value.trim())) return value;
  if (SECRET_NAME.test(key) && value !== '') return HIDDEN;
  return maskText(value);
}

/** Passwords inside addresses and parameters of any text. */
export function maskText(text: string): string {
  return text
    .replace(/\b([a-z][\w+.:-]*:\/\/[^\s:/@]+):[^\s@/]+@/gi, `$1:${HIDDEN}@`)
    .replace(/\b(password|passwd|pwd|secret|token|api[_-]?key)(["']?\s*[=:]\s*["']?)(?!\$\{)([^\s"'&;,]+)/gi, `$1$2${HIDDEN}`);
}

export function maskConfig(config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, maskValue(key, value)]));
}
