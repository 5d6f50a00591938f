// Ink takes each row of a frame apart into characters anew in every frame, twice, and puts it together again cell by cell. Our rows are
// whole lines, and most are what they were: a row is taken apart once, and nothing is kept of it but its text and its width. That is two
// thirds of a frame's time, and most of what the heap would have to be cleaned of. Applied while bundling, to the pinned version alone; a
// place that is not found ends the build.
import { readFileSync } from 'node:fs';

/** Beside ASCII what rows are made of: one code unit and one cell each. */
const NARROW = '\\u00B7\\u2013\\u2014\\u2018-\\u201D\\u2022\\u2026\\u2190-\\u2193\\u2500-\\u25FA';

const MENDED = {
  'output.js': [
    [
      'export default class Output {\n',
      `const drawnRows = new Map();
const ignorable = /\\p{Default_Ignorable_Code_Point}/u;
const plain = /^(?:\\u001B\\[[\\d;]*m|[ -~${NARROW}])*$/;
// True: what it begins it ends, so that it can be written as it is.
const isClosed = (text) => {
    const last = text.lastIndexOf('\\u001B');
    return last < 0 || text.startsWith('\\u001B[0m', last);
};
const drawRow = (text) => {
    let row = drawnRows.get(text);
    if (row === undefined) {
        if (drawnRows.size > 1000) drawnRows.clear();
        if (plain.test(text) && isClosed(text)) row = text.trimEnd();
        else {
            const characters = ignorable.test(text) ? new OutputCaches().getStyledChars(text) : styledCharsFromTokens(tokenize(text));
            row = styledCharsToString(characters).trimEnd();
        }
        drawnRows.set(text, row);
    }
    return row;
};
// Where each row is one text from the left edge on; undefined for all other frames.
const wholeRows = ({ operations, height }) => {
    const rows = new Array(height).fill(undefined);
    for (const { type, x, y, text, transformers } of operations) {
        if (type !== 'write' || x !== 0 || y < 0 || y >= height || rows[y] !== undefined || text.includes('\\n')) return undefined;
        let row = text;
        for (const transformer of transformers) row = transformer(row, 0);
        rows[y] = drawRow(row);
    }
    return rows.map((row) => row ?? '');
};
export default class Output {
`,
    ],
    [
      '    get() {\n',
      `    get() {
        const rows = wholeRows(this);
        if (rows !== undefined) return { output: rows.join('\\n'), height: rows.length };
`,
    ],
  ],
  'render-node-to-output.js': [
    [
      "import widestLine from 'widest-line';\n",
      `import measureText from './measure-text.js';
const widestLine = (text) => measureText(text).width;
`,
    ],
  ],
  // What little of a row's beginning is as it was is not worth finding out.
  'line-update.js': [
    ['const printableAscii = /^[ -~]*$/u;', `const printableAscii = /^[ -~${NARROW}]*$/u;`],
    ['if (commonLength === 0) {', 'if (commonLength < 24) {'],
  ],
  'index.js': [
    [
      'if (/^[\\u0020-\\u007E]*$/.test(string)) {',
      `if (/^[\\u0020-\\u007E]*$/.test(string) || (ambiguousIsNarrow && /^[\\u0020-\\u007E${NARROW}]*$/.test(string))) {`,
    ],
  ],
  'sanitize-ansi.js': [
    [
      'export default sanitizeAnsi;',
      `const kept = new Map();
export default (text) => {
    let sanitized = kept.get(text);
    if (sanitized === undefined) {
        if (kept.size > 1000) kept.clear();
        sanitized = sanitizeAnsi(text);
        kept.set(text, sanitized);
    }
    return sanitized;
};`,
    ],
  ],
};

export const mendInk = {
  name: 'mend-ink',
  setup(api) {
    api.onLoad(
      { filter: /[\\/](ink[\\/]build[\\/](output|render-node-to-output|line-update|sanitize-ansi)|string-width[\\/]index)\.js$/ },
      ({ path }) => {
        let contents = readFileSync(path, 'utf8');
        for (const [from, to] of MENDED[path.split(/[\\/]/).at(-1)]) {
          const mended = contents.replace(from, () => to);
          if (mended === contents) throw new Error(`${path}: ${from} is not there; this version needs another mend`);
          contents = mended;
        }
        return { contents };
      },
    );
  },
};
