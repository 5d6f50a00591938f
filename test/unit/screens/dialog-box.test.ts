/** A question on the screen: whole, in the middle, its answer always in sight. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dialogBox } from '../../../screens/parts/dialog-box.ts';
import { textWidth } from '../../../src/base/width.ts';
import { toSkin } from '../../../src/skin/skin.ts';
import { SKINS } from '../../../src/skin/skins.ts';
import { confirmDialog, line, typeNameDialog } from '../../../src/store/dialog.ts';

const skin = toSkin(SKINS[0]!, 3, false);
const bare = (text: string) => text.replaceAll(/\x1b\[[\d;]*m/g, '');
const ask = (count: number, text = '한글 line') =>
  confirmDialog({
    title: 'pause orders?',
    lines: Array.from({ length: count }, (_, i) => line(`${text} ${i}`)),
    yes: 'pause',
    onYes: () => undefined,
  });

test('the box lies within the screen and every line is as wide as the box', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 40, max: 200 }),
      fc.integer({ min: 8, max: 60 }),
      fc.nat(40),
      fc.nat(120),
      (columns, rows, count, length) => {
        const box = dialogBox(ask(count, '한'.repeat(length)).content, true, columns, rows, skin);
        expect(box.left + box.width).toBeLessThanOrEqual(columns);
        expect(box.top + box.lines.length).toBeLessThanOrEqual(rows);
        for (const one of box.lines) expect(textWidth(bare(one))).toBe(box.width);
        expect(bare(box.lines.at(-2) ?? '')).toContain('y pause  N no');
      },
    ),
  );
});

test('keys are offered only when they count', () => {
  expect(dialogBox(ask(1).content, false, 80, 24, skin).lines.map(bare).join('\n')).not.toContain('y pause');
});

test('the terminal’s own cursor stands in the field, also behind Hangul', () => {
  const dialog = typeNameDialog({
    title: 'delete',
    lines: [],
    name: '주문',
    verb: 'delete it',
    onYes: () => undefined,
    typed: { before: '주', after: '' },
  });
  const box = dialogBox(dialog.content, true, 80, 24, skin);
  const field = bare(box.lines[(box.cursor?.y ?? 0) - box.top] ?? '');
  expect(field).toContain('type 주문 to delete it: 주');
  expect(box.cursor?.x).toBe(box.left + textWidth('│ type 주문 to delete it: 주'));
});
