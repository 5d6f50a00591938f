/** Colours that a context may have, by names that read well on any background, or as `#rrggbb`. */

export const CONTEXT_COLOURS: Readonly<Record<string, string>> = {
  red: '#d70000',
  orange: '#ff8700',
  yellow: '#d7af00',
  green: '#5faf5f',
  cyan: '#00afaf',
  blue: '#5f87ff',
  magenta: '#d75faf',
  gray: '#8a8a8a',
};

/** `#rrggbb` in lower case; `null`: neither a name nor a colour. */
export function contextColour(text: string): string | null {
  if (Object.hasOwn(CONTEXT_COLOURS, text)) return CONTEXT_COLOURS[text]!;
  return /^#[0-9a-f]{6}$/i.test(text) ? text.toLowerCase() : null;
}
