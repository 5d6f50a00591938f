/** Says the console's moments one after the other, as lines that are written once and never touched again. */
import type { Snapshot } from '../../src/store/console-data.ts';
import { textOf } from '../../src/store/line-edit.ts';
import type { PaneId } from '../../src/store/view.ts';
import type { Pane } from '../parts/pane.ts';
import type { Look } from '../parts/table.ts';
import { changeSentences, questionSentences, rowSentence, spoken, spokenLine, whereSentence } from './sentences.ts';

const LOOK_WIDTH = 100;

export interface SpeakerOptions {
  readonly panes: ReadonlyMap<PaneId, Pane>;
  say(sentence: string): void;
}

export class Speaker {
  readonly #options: SpeakerOptions;
  #before: Snapshot | null = null;
  #row: string | null = null;

  constructor(options: SpeakerOptions) {
    this.#options = options;
  }

  /** What is new since the last time. */
  tell(now: Snapshot): void {
    const before = this.#before;
    this.#before = now;
    if (before) for (const sentence of changeSentences(before, now)) this.#options.say(sentence);
    if (now.ui.flash && now.ui.flash !== before?.ui.flash) this.#options.say(`${now.ui.flash.level}: ${spoken(now.ui.flash.text)}`);
    if (now.ui.dialog) {
      if (now.ui.dialog !== before?.ui.dialog) this.#question(before, now);
    } else if (now.ui.prompt) this.#prompt(before, now);
    else this.#view(before, now);
  }

  /** Everything in sight, on demand. */
  tellAll(): void {
    const now = this.#before;
    if (!now) return;
    this.#options.say(whereSentence(now, this.#pane(now), lookOf(now)));
    for (const sentence of this.#body(now)) this.#options.say(sentence);
    if (now.ui.dialog) for (const sentence of questionSentences(now.ui.dialog.content)) this.#options.say(sentence);
  }

  /** Lines of a text, or all rows that fit a page with the one under the cursor first. */
  #body(now: Snapshot): string[] {
    const pane = this.#pane(now);
    const look = lookOf(now);
    if (pane.kind === 'text') return readable(pane.lines(now, look, LOOK_WIDTH)).slice(now.view.top, now.view.top + now.size.rows);
    if (pane.kind === 'tail') return readable(pane.rows(now, look, LOOK_WIDTH).map(({ line }) => line)).slice(-now.size.rows);
    const { selection } = now;
    if (!selection || selection.ids.length === 0) return readable(pane.empty(now.data, now.view, look));
    const page = selection.ids.slice(now.cursorIndex, now.cursorIndex + now.size.rows);
    return page.map((_, i) => rowSentence({ ...now, cursorIndex: now.cursorIndex + i }, look) ?? '');
  }

  #pane(now: Snapshot): Pane {
    return this.#options.panes.get(now.view.pane)!;
  }

  /** A field that is typed into is not read again from its title on. */
  #question(before: Snapshot | null, now: Snapshot): void {
    const content = now.ui.dialog!.content;
    const old = before?.ui.dialog?.content ?? null;
    const sentences = questionSentences(content);
    const known = new Set(old ? questionSentences(old) : []);
    for (const sentence of sentences) if (!known.has(sentence)) this.#options.say(sentence);
  }

  #prompt(before: Snapshot | null, now: Snapshot): void {
    const text = textOf(now.ui.prompt!.line);
    const old = before?.ui.prompt;
    if (!old) this.#options.say(now.ui.prompt!.kind === 'command' ? 'command line' : 'filter');
    else if (textOf(old.line) !== text) this.#options.say(text === '' ? 'empty' : spoken(text));
  }

  #view(before: Snapshot | null, now: Snapshot): void {
    const isNew = before === null || before.view.key !== now.view.key || before.view.filter !== now.view.filter;
    if (isNew) {
      this.#options.say(whereSentence(now, this.#pane(now), lookOf(now)));
      this.#row = null;
      if (this.#pane(now).kind !== 'table' || !now.selection?.ids.length) for (const line of this.#body(now)) this.#options.say(line);
    }
    // By a key: rows that change places by themselves are no news.
    const isMoved = before !== null && (before.view.cursorId !== now.view.cursorId || before.view.marks !== now.view.marks);
    const id = now.selection?.ids[now.cursorIndex] ?? null;
    // Rows come with their first answer; what changes in one later is told as a change, not as a row.
    if (!isNew && !isMoved && !(this.#row === null && id !== null)) {
      if (this.#pane(now).kind === 'text' && before?.view.top !== now.view.top) for (const line of this.#body(now)) this.#options.say(line);
      return;
    }
    this.#row = id;
    const row = rowSentence(now, lookOf(now));
    if (row !== null) this.#options.say(row);
  }
}

function lookOf({ data }: Snapshot): Look {
  return { nowMs: data.nowMs, isAscii: false };
}

function readable(lines: ReadonlyArray<Parameters<typeof spokenLine>[0]>): string[] {
  return lines.map(spokenLine).filter((text) => text !== '');
}
