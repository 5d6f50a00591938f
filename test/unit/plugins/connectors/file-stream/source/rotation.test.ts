import {
  appendFileSync,
  closeSync,
  copyFileSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../../helpers/wait-until.ts';
import { RunningSource, TempFolder } from '../running-source.ts';

interface Rotation {
  readonly name: string;
  /** Done when lines `1` and `2` were handed out; writes `3` and `4`. */
  readonly rotate: (file: string, source: RunningSource) => void | Promise<void>;
  readonly expected?: readonly string[];
  readonly says: string;
}

const REPLACED = 'names another file now';
const rotations: readonly Rotation[] = [
  {
    name: 'rename and create',
    rotate: (file) => {
      renameSync(file, `${file}.1`);
      writeFileSync(file, '3\n4\n');
    },
    says: REPLACED,
  },
  {
    name: 'rename and create, while the writer still has the old file',
    rotate: async (file, source) => {
      const old = openSync(file, 'a');
      renameSync(file, `${file}.1`);
      writeFileSync(file, '');
      await source.logs(REPLACED);
      appendFileSync(old, '3\n');
      closeSync(old);
      appendFileSync(file, '4\n');
    },
    says: 'Read the former',
  },
  {
    name: 'rename; more in the old file; create later',
    rotate: async (file, source) => {
      renameSync(file, `${file}.1`);
      await source.logs('is not there any more');
      appendFileSync(`${file}.1`, '3\n');
      await source.has(['1', '2', '3']);
      writeFileSync(file, '4\n');
    },
    says: REPLACED,
  },
  {
    name: 'rename and create, twice at once',
    rotate: async (file, source) => {
      renameSync(file, `${file}.1`);
      writeFileSync(file, '3\n');
      await source.logs(REPLACED);
      renameSync(file, `${file}.2`);
      writeFileSync(file, '4\n');
    },
    says: REPLACED,
  },
  {
    name: 'rename, gzip, create',
    rotate: (file) => {
      renameSync(file, `${file}.1`);
      appendFileSync(`${file}.1`, '3\n');
      writeFileSync(`${file}.1.gz`, gzipSync('1\n2\n3\n'));
      unlinkSync(`${file}.1`);
      writeFileSync(file, '4\n');
    },
    says: REPLACED,
  },
  {
    name: 'delete and create again',
    rotate: (file) => {
      unlinkSync(file);
      writeFileSync(file, '3\n4\n');
    },
    says: REPLACED,
  },
  {
    name: 'delete; create again later',
    rotate: async (file, source) => {
      unlinkSync(file);
      await source.logs('is not there any more');
      writeFileSync(file, '3\n4\n');
    },
    says: REPLACED,
  },
  {
    name: 'the same inode number for the new file, the old one longer',
    rotate: async (file, source) => {
      // Only the open old file keeps the number from being given away.
      const { ino } = statSync(file);
      unlinkSync(file);
      for (let i = 0; i < 20; i++) {
        writeFileSync(file, '3\n4\n');
        expect(statSync(file).ino).not.toBe(ino);
        if (i < 19) unlinkSync(file);
      }
      await source.logs(REPLACED);
    },
    says: REPLACED,
  },
  {
    name: 'copytruncate',
    rotate: async (file, source) => {
      copyFileSync(file, `${file}.1`);
      truncateSync(file, 0);
      await source.logs('was truncated from 4 bytes or more to 0');
      appendFileSync(file, '3\n4\n');
    },
    says: 'may be lost',
  },
  {
    name: 'truncate to 0 and less than before',
    rotate: async (file, source) => {
      writeFileSync(file, '3\n');
      await source.logs('was truncated from 4 bytes or more to 2');
      appendFileSync(file, '4\n');
    },
    says: 'may be lost',
  },
  {
    name: 'truncate and written again to the same length: shows with the next line',
    rotate: (file) => {
      writeFileSync(file, '3\n4\n');
      appendFileSync(file, '5\n');
    },
    expected: ['1', '2', '3', '4', '5'],
    says: 'has other content than before',
  },
  {
    name: 'truncate and at once longer than before',
    rotate: (file) => writeFileSync(file, '3\n4\n5\n6\n7\n'),
    expected: ['1', '2', '3', '4', '5', '6', '7'],
    says: 'has other content than before',
  },
  {
    name: 'truncate through another hard link',
    rotate: async (file, source) => {
      linkSync(file, `${file}.1`);
      const other = openSync(`${file}.1`, 'r+');
      ftruncateSync(other, 0);
      closeSync(other);
      await source.logs('was truncated');
      appendFileSync(`${file}.1`, '3\n4\n');
    },
    says: 'may be lost',
  },
  {
    name: 'replaced by a shorter file under the same name (rename over it)',
    rotate: (file) => {
      writeFileSync(`${file}.new`, '3\n4\n');
      renameSync(`${file}.new`, file);
    },
    says: REPLACED,
  },
  {
    name: 'the folder moved away and made again',
    rotate: (file) => {
      const folder = file.slice(0, file.lastIndexOf('/'));
      renameSync(folder, `${folder}.1`);
      mkdirSync(folder);
      writeFileSync(file, '3\n4\n');
    },
    says: REPLACED,
  },
];

describe.concurrent('the file is rotated under the task', () => {
  test.for(rotations)('$name', async ({ rotate, expected, says }) => {
    using folder = new TempFolder();
    mkdirSync(folder.file('logs'));
    const file = folder.file('logs/app.log');
    writeFileSync(file, '1\n2\n');
    await using source = await RunningSource.start({ file });
    await source.has(['1', '2']);
    await rotate(file, source);
    await source.has(expected ?? ['1', '2', '3', '4']);
    await source.logs(says);
    // What is appended afterwards is followed as before.
    appendFileSync(file, '끝\n');
    await source.has([...(expected ?? ['1', '2', '3', '4']), '끝']);
    expect(source.positions.at(-1)).toBe(BigInt(statSync(file).size));
  });

  test('a symbolic link that points elsewhere', async () => {
    using folder = new TempFolder();
    writeFileSync(folder.file('a'), '1\n2\n');
    writeFileSync(folder.file('b'), '3\n');
    symlinkSync('a', folder.file('link'));
    await using source = await RunningSource.start({ file: folder.file('link') });
    await source.has(['1', '2']);
    symlinkSync('b', folder.file('next'));
    renameSync(folder.file('next'), folder.file('link'));
    await source.has(['1', '2', '3']);
    appendFileSync(folder.file('b'), '4\n');
    await source.has(['1', '2', '3', '4']);
  });

  test('a line without an end in the old file is handed on when the file is left', async () => {
    using folder = new TempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '1\n2\n뒤');
    await using source = await RunningSource.start({ file });
    await source.has(['1', '2']);
    renameSync(file, `${file}.1`);
    writeFileSync(file, '4\n');
    await source.has(['1', '2', '뒤', '4']);
    expect(source.positions).toEqual([2n, 4n, 7n, 2n]);
    expect(source.warnings().join()).toContain('has no line end');
  });

  test('a line without an end is forgotten with the truncated file', async () => {
    using folder = new TempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '1\n2\nhalf');
    await using source = await RunningSource.start({ file });
    await source.has(['1', '2']);
    truncateSync(file, 0);
    await source.logs('was truncated from 8 bytes');
    appendFileSync(file, '3\n');
    await source.has(['1', '2', '3']);
  });

  test('a deleted file is closed after a while, and a new one is read from 0 whatever its inode number', { timeout: 30_000 }, async () => {
    using folder = new TempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '1\n2\n');
    await using source = await RunningSource.start({ file });
    await source.has(['1', '2']);
    rmSync(file);
    await source.logs("Couldn't find file");
    writeFileSync(file, '3\n4\n5\n');
    await source.has(['1', '2', '3', '4', '5']);
  });

  test('rotations while thousands of lines come: each line once, in order', async () => {
    using folder = new TempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '');
    await using source = await RunningSource.start({ file });
    let next = 0;
    const expected: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (let burst = 0; burst < 10; burst++) {
        const lines = Array.from({ length: 500 }, () => `${next++} 한글 😀`);
        expected.push(...lines);
        appendFileSync(file, `${lines.join('\n')}\n`);
      }
      await source.logs('Opened');
      if (round === 2) break;
      renameSync(file, `${file}.${round}`);
      const replaced = source.events.filter((e) => e.message.includes(REPLACED)).length;
      appendFileSync(file, '');
      await waitUntil(
        'the rotation to be noticed',
        () => source.events.filter((e) => e.message.includes(REPLACED)).length === replaced + 1,
      );
    }
    await source.has(expected);
  });

  test('a file that is written to all the time is rotated', { timeout: 30_000 }, async () => {
    using folder = new TempFolder();
    const file = folder.file('app.log');
    writeFileSync(file, '');
    await using source = await RunningSource.start({ file });
    await source.logs('Opened');
    const expected: string[] = [];
    const append = () => {
      expected.push(`${expected.length} 한글`);
      appendFileSync(file, `${expected.at(-1)}\n`);
    };
    // One line a read, far more than 150 a second.
    for (let i = 0; i < 1200; i++) {
      append();
      await new Promise((resolve) => setImmediate(resolve));
      if (i % 2) await new Promise((resolve) => setTimeout(resolve, 1));
      if (i === 600) renameSync(file, `${file}.1`);
    }
    await source.has(expected);
    expect(source.warnings()).toEqual([]);
  });
});
