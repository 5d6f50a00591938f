/** Parts of `text` between separators as Java's String.split gives them: empty ones at the end are cut, a text without any is itself. */
export function javaSplit(text: string, separator: string): string[] {
  const parts = text.split(separator);
  if (parts.length === 1) return parts;
  while (parts.at(-1) === '') parts.pop();
  return parts;
}
