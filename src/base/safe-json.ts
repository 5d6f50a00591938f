/** JSON whose text a terminal cannot be steered by. JSON itself escapes C0 controls only. */

/** DEL, C1, soft hyphen, bidi and zero-width marks, line separators, tags: terminals and viewers act on them or hide them. */
const UNSAFE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\udb40[\udc00-\udc7f]/g;

/** JSON text with such characters written as `\uXXXX`; it means the same. */
export function escapeUnsafe(json: string): string {
  return json.replace(UNSAFE, (match) =>
    Array.from({ length: match.length }, (_, at) => `\\u${match.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
