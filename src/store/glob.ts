/** Names by a pattern of `*` and `?`, as shells have it: `pay-*`. */

export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

export function matchGlob(pattern: string, names: readonly string[]): string[] {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 'su');
  return names.filter((name) => expression.test(name));
}
