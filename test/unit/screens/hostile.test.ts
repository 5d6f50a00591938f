/**
 * Ten thousand hostile texts through the real renderer onto a terminal: in rows, tails, records, traces, configs, describe, JSON and
 * YAML. Only sequences of ours come out, and every line is exactly as wide as the terminal.
 */
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { render } from 'ink';
import { createElement } from 'react';
import { expect, test } from 'vitest';
import { App } from '../../../screens/app.tsx';
import { type FrameParts, renderFrame } from '../../../screens/frame.ts';
import { createPanes } from '../../../screens/panes.ts';
import { printView } from '../../../screens/print-view.ts';
import { textWidth } from '../../../src/base/width.ts';
import type { TailRecord } from '../../../src/cluster/record-ring.ts';
import { commandsFor } from '../../../src/keymap/commands.ts';
import { createKeymap } from '../../../src/keymap/keymap.ts';
import { toSkin } from '../../../src/skin/skin.ts';
import { DEFAULT_SKIN, MONO_SKIN } from '../../../src/skin/skins.ts';
import type { ConnectData } from '../../../src/store/connect-model.ts';
import type { ConsoleData, Snapshot } from '../../../src/store/console-data.ts';
import type { Session } from '../../../src/store/session.ts';
import { makeView, type PaneId, type Target, type ViewState } from '../../../src/store/view.ts';
import { hostileTexts } from '../../helpers/hostile-texts.ts';
import { startSession } from '../../helpers/session-rig.ts';
import { troubledWorld } from '../../helpers/worlds.ts';

const TEXTS = hostileTexts(10_000);
const BATCH = 100;
const SIZE = { columns: 100, rows: 50 };

/** Styles, places, erasing, modes, titles of ours: what Ink and the skin write, and nothing else. */
const KNOWN = /\x1b\[(?:[\d;]*m|\d*[A-GJK]|\d*(?:;\d*)?H|\?(?:25|1049|2004|2026)[hl]|6n)/g;

function withTexts(base: ConsoleData, texts: readonly string[]): ConsoleData {
  const text = (i: number) => texts[i % texts.length]!;
  const [row] = base.connect!.connectors;
  const connectors = texts.slice(0, 40).map((one, i) => ({
    ...row!,
    name: i === 0 ? 'subject' : `${i}${one}`,
    lastError: text(i + 40),
    workerId: text(i + 60),
    className: text(i + 20),
    trace: `org.x.Y: ${text(i)}\n\tat ${text(i + 1)}\nCaused by: ${text(i + 2)}\n${texts.slice(0, 60).join('\n')}`,
    config: Object.fromEntries(texts.map((value, at) => [`${at}${text(at + 7)}`, value])),
    topics: texts.slice(0, 5),
    tasks: row!.tasks.map((task) => ({ ...task, trace: text(i + 3), lastError: text(i + 4), workerId: text(i + 5) })),
  }));
  const [topic] = base.cluster!.topics;
  return {
    ...base,
    context: { ...base.context, name: text(9) },
    connect: { ...base.connect!, connectors } satisfies ConnectData,
    cluster: {
      ...base.cluster!,
      topics: texts.map((name, i) => ({ ...topic!, info: { ...topic!.info, name: i === 0 ? 'subject' : name, error: text(i + 1) } })),
      groups: texts.map((groupId, i) => ({
        ...base.cluster!.groups![0]!,
        groupId,
        state: text(i + 1),
        error: text(i + 2),
        topics: ['subject'],
      })),
    },
    pluginConfig: { plugin: text(20), keys: [], choices: new Map(), error: null },
    plugins: { plugins: texts.map((one) => ({ class: one, type: 'source', version: text(3) })), error: null },
    log: base.log,
    tail: base.tail && {
      ...base.tail,
      records: base.tail.records.length === 0 ? [] : texts.slice(0, 45).map((one, i) => recordOf(base, one, text(i + 50), i)),
    },
    record: recordOf(base, texts.join('|'), text(1), 1),
  };
}

function recordOf({ tail }: ConsoleData, value: string, key: string, sequence: number): TailRecord {
  return {
    ...tail!.records[0]!,
    topic: key,
    key: Buffer.from(key),
    value: Buffer.from(sequence % 3 === 0 ? JSON.stringify({ [key]: value }) : value),
    headers: [{ key, value: Buffer.from(value) }],
    sequence,
  };
}

const SUBJECT: Target = { connector: 'subject' };
const VIEWS: ReadonlyArray<readonly [PaneId, Target, Partial<ViewState>?]> = [
  ['connectors', {}],
  ['connectors', {}, { isWide: true, left: 3 }],
  ['tasks', SUBJECT],
  ['trace', SUBJECT],
  ['trace', SUBJECT, { isWrapped: true }],
  ['config', SUBJECT],
  ['config', SUBJECT, { left: 20 }],
  ['topics', {}],
  ['groups', {}],
  ['plugins', {}],
  ['users', {}, { about: { pane: 'topics', view: {}, target: { topic: 'subject' }, row: 'subject' } }],
  ['describe', SUBJECT, { about: { pane: 'connectors', view: {}, target: SUBJECT, row: 'subject' } }],
  ['describe', SUBJECT, { about: { pane: 'connectors', view: {}, target: SUBJECT, row: 'subject' }, top: 60 }],
  ['raw', SUBJECT, { about: { pane: 'connectors', view: {}, target: SUBJECT, row: 'subject' }, top: 40 }],
  ['raw', SUBJECT, { about: { pane: 'connectors', view: {}, target: SUBJECT, row: 'subject' }, top: 40, isYaml: true }],
  ['tail', { topics: ['nginx-accesslog'] }, { hasHeaders: true }],
  ['record', { topics: ['nginx-accesslog'], record: 1 }],
  ['record', { topics: ['nginx-accesslog'], record: 1 }, { isWrapped: true }],
];

async function baseOf(): Promise<Snapshot> {
  using rig = await startSession(troubledWorld());
  await rig.press('go.groups');
  await rig.clock.advance(6_000);
  const { groups } = rig.session.current().data.cluster!;
  await rig.command('tail nginx-accesslog from=begin');
  await rig.clock.advance(3_000);
  const snapshot = rig.session.current();
  expect(snapshot.data.tail?.records.length).toBeGreaterThan(0);
  return { ...snapshot, size: SIZE, data: { ...snapshot.data, cluster: { ...snapshot.data.cluster!, groups } } };
}

function partsOf(isMono: boolean): FrameParts {
  const keymap = createKeymap(commandsFor({ isReadOnly: false }));
  const skin = isMono ? toSkin(MONO_SKIN, 0, true) : toSkin(DEFAULT_SKIN, 3, false);
  return { panes: createPanes(keymap), keymap, skin, isAvailable: () => true };
}

/** Takes what is written and understands nothing of it. */
class BlindTerminal extends EventEmitter {
  readonly isTTY = true;
  readonly columns = SIZE.columns;
  readonly rows = SIZE.rows;
  readonly written: string[] = [];

  readonly writable = true;
  readonly writableNeedDrain = false;

  write(text: string, ...rest: unknown[]): boolean {
    this.written.push(text);
    const callback = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
    if (callback) queueMicrotask(callback);
    return true;
  }

  end(): void {}
}

const PATIENCE_MS = 60_000;

/** One screen after the other, as a session would give them. */
function* snapshots(base: Snapshot, parts: FrameParts): Generator<Snapshot> {
  for (let from = 0, version = 1; from < TEXTS.length; from += BATCH) {
    const data = withTexts(base.data, TEXTS.slice(from, from + BATCH));
    // Every text goes through some views, and each view gets every kind of text.
    for (const [i, [pane, target, more]] of VIEWS.entries()) {
      if ((i + from / BATCH) % 5 !== 0) continue;
      const view = makeView(pane, target, { ...more, filter: from % 1_000 === 0 ? TEXTS[from + 1]! : '' });
      const found = parts.panes.get(pane)!;
      const selection = found.kind === 'table' ? found.table.select(data, view, null) : null;
      yield { ...base, version: version++, data, view, selection, cursorIndex: 1, ui: { ...base.ui, stack: [base.ui.stack[0]!, view] } };
    }
  }
}

test('only sequences of ours are written, and every line is as wide as the terminal', { timeout: PATIENCE_MS }, async () => {
  const base = await baseOf();
  const parts = partsOf(false);
  const terminal = new BlindTerminal();
  let current = base;
  let onChange: () => void = () => undefined;
  const session = {
    subscribe: (listener: () => void) => {
      onChange = listener;
      return () => undefined;
    },
    snapshot: () => current,
    shown: () => undefined,
  } as unknown as Session;
  const instance = render(createElement(App, { session, parts, onSuspendable: () => undefined }), {
    stdin: Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode: () => undefined,
      ref: () => undefined,
      unref: () => undefined,
    }) as unknown as NodeJS.ReadStream,
    stdout: terminal as unknown as NodeJS.WriteStream,
    alternateScreen: true,
    incrementalRendering: true,
    patchConsole: false,
    interactive: true,
    maxFps: 10_000,
  });
  let [frames, drawn] = [0, 0];
  for (const snapshot of snapshots(base, parts)) {
    current = snapshot;
    onChange();
    frames++;
    const before = terminal.written.length;
    for (let i = 0; i < 50 && terminal.written.length === before; i++) await new Promise((resolve) => setImmediate(resolve));
    if (terminal.written.length > before) drawn++;
    for (const line of renderFrame(snapshot, parts).lines) {
      // By style: a vowel sign that begins one does not lean on what stands before it.
      const cells = line.split(KNOWN).reduce((all, shown) => all + textWidth(shown), 0);
      if (cells !== SIZE.columns) expect.fail(`${snapshot.view.pane}: ${cells} cells of ${JSON.stringify(line)}`);
    }
  }
  instance.unmount();
  await instance.waitUntilExit();
  const written = terminal.written.join('');
  expect(frames).toBeGreaterThan(300);
  expect(drawn).toBeGreaterThan(frames * 0.9);
  const [strange] =
    /.{0,40}(?:[^\P{Cc}\r\n]|[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]).{0,40}/u.exec(written.replaceAll(KNOWN, '')) ?? [];
  expect(strange === undefined ? '' : JSON.stringify(strange)).toBe('');
  expect(written.isWellFormed()).toBe(true);
});

test('on a terminal that has nothing but ASCII, nothing but ASCII is drawn', { timeout: PATIENCE_MS }, async () => {
  const base = await baseOf();
  const parts = partsOf(true);
  let i = 0;
  for (const snapshot of snapshots(base, parts)) {
    if (i++ % 8 !== 0) continue;
    for (const line of renderFrame(snapshot, parts).lines) {
      const shown = line.replaceAll(KNOWN, '');
      expect(shown).toMatch(/^[\x20-\x7e]*$/);
      expect(shown.length).toBe(SIZE.columns);
    }
  }
});

test('what is saved as text holds no sequence at all', { timeout: PATIENCE_MS }, async () => {
  const base = await baseOf();
  const parts = partsOf(false);
  let i = 0;
  for (const snapshot of snapshots(base, parts)) {
    if (i++ % 12 !== 0) continue;
    expect(printView(snapshot, parts.panes, { skin: null, width: null })).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
  }
});
