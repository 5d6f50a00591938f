import xterm from '@xterm/headless';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slim } from '../../../screens/slim-output.ts';

/** Each cell with its character and its look. */
async function cells(text: string): Promise<unknown[]> {
  const terminal = new xterm.Terminal({ cols: 20, rows: 6, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { active } = terminal.buffer;
  const seen: unknown[] = [active.cursorX, active.cursorY];
  for (let y = 0; y < 6; y++) {
    for (let x = 0; x < 20; x++) {
      const cell = active.getLine(y)!.getCell(x)!;
      const flags = [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isInverse(), cell.isStrikethrough()];
      seen.push([cell.getChars(), cell.getFgColor(), cell.getFgColorMode(), cell.getBgColor(), cell.getBgColorMode(), ...flags].join(' '));
    }
  }
  terminal.dispose();
  return seen;
}

const style = fc.constantFrom(
  ...['0', '', '1', '2', '22', '3', '23', '4', '24', '7', '27', '9', '29', '31', '39', '42', '49', '94', '104'],
  ...['38;5;75', '48;5;236', '38;2;1;2;3', '48;2;9;8;7', '1;31', '5', '21'],
);
const piece = fc.oneof(
  { arbitrary: style.map((parameters) => `\x1b[${parameters}m`), weight: 6 },
  fc.constantFrom('\x1b[E', 'a', '한', ' ', '\x1b[K', '\r\n', '\x1b[3G'),
);

test('what is slimmed looks the same, cell by cell', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const text = pieces.join('');
      expect(slim(text).length).toBeLessThanOrEqual(text.length + 1);
      expect(await cells(slim(text))).toEqual(await cells(text));
    }),
    { numRuns: 300 },
  );
});

test('rows that are passed over cost a few bytes, not three each', () => {
  expect(slim(`\x1b[49A\x1b[K5\r\n${'\x1b[E'.repeat(47)}`)).toBe('\x1b[49A\x1b[K5\r\n\x1b[47E');
});

test('styles that nothing was written in are not told', () => {
  expect(slim('\x1b[1m\x1b[38;5;75m\x1b[39m\x1b[22m\x1b[38;5;71m\x1b[39m\x1b[38;5;245m7')).toBe('\x1b[22m\x1b[38;5;245m7');
});
