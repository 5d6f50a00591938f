/** Texts in rows. */
import { sanitize } from './sanitize.ts';
import { cutText, takeCells, textWidth } from './width.ts';

/** Words in rows of at most `width` cells; what does not fit into `most` rows is cut off with `…`. Takes text of any origin. */
export function wrapWords(text: string, width: number, most: number): string[] {
  const rows: string[] = [];
  let left = sanitize(text).trim();
  while (left !== '' && rows.length < most) {
    if (rows.length === most - 1 || textWidth(left) <= width) {
      rows.push(cutText(left, width));
      break;
    }
    const whole = takeCells(left, width);
    const space = left[whole.length] === ' ' ? whole.length : whole.lastIndexOf(' ');
    const end = space > whole.length / 3 ? space : whole.length;
    rows.push(left.slice(0, end).trimEnd());
    left = left.slice(end).trimStart();
  }
  return rows;
}
