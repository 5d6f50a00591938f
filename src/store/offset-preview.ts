/** A change of offsets as a table to read before anything is done: old → new → delta, what comes again, what is lost; then the typed name. */
import { groupDigits, plural } from '../base/format.ts';
import { cutTextStart, fitText, textWidth } from '../base/width.ts';
import { type Dialog, type DialogLine, line } from './dialog.ts';
import { movedCursor } from './dialog-list.ts';
import { editLine, textOf } from './line-edit.ts';
import { stepNames } from './offset-change.ts';
import { isClosing, type WizardPages } from './offset-pages.ts';
import type { OffsetKind, OffsetPlan, PlannedChange } from './offset-plan.ts';

const PREVIEW_ROWS = 6;

/** `top`: first row shown. */
function previewLines({ changes }: OffsetPlan, kind: OffsetKind, top = 0): DialogLine[] {
  const from = Math.max(0, Math.min(top, changes.length - PREVIEW_ROWS));
  const shown = changes.slice(from, from + PREVIEW_ROWS).map((change) => ({
    ...change,
    now: grouped(change.now),
    next: grouped(change.next),
    moved: deltaText(change.delta),
  }));
  type Shown = (typeof shown)[number];
  const width = (pick: (change: Shown) => string, least: number, most: number) =>
    Math.min(most, Math.max(least, ...shown.map((change) => textWidth(pick(change)))));
  const label = width((change) => change.label, 9, 32);
  const [now, next] = [width((change) => change.now, 3, 40), width((change) => change.next, 3, 40)];
  const moved = width((change) => change.moved, 5, 26);
  const rows = shown.map((change) =>
    line(
      `${fitText(cutTextStart(change.label, label), label)}  ${fitText(change.now, now)}  →  ${fitText(change.next, next)}  ${fitText(change.moved, moved)}  ${effectOf(change, kind)}`,
      change.skips > 0n ? 'warn' : 'text',
    ),
  );
  const rereads = changes.reduce((all, change) => all + (change.rereads ?? 0n), 0n);
  const skips = changes.reduce((all, change) => all + change.skips, 0n);
  const hidden = changes.length - shown.length;
  const more =
    hidden > 0 ? [line(`${from + 1}–${from + shown.length} of ${plural(changes.length, 'partition')} · ↑ ↓ shows the others`, 'dim')] : [];
  const isRecords = kind !== 'source';
  const total = isRecords && changes.length > 1 ? [line(`together re-reads ≈ ${groupDigits(rereads)} records`, 'text')] : [];
  const loss = skips > 0n && isRecords ? [line(`${groupDigits(skips)} records will never be delivered`, 'fail')] : [];
  return [
    line(`${fitText('PARTITION', label)}  ${fitText('NOW', now)}  →  ${fitText('NEW', next)}  DELTA`, 'title'),
    ...rows,
    ...more,
    ...total,
    ...loss,
  ];
}

function effectOf({ skips, rereads, note }: PlannedChange, kind: OffsetKind): string {
  const unit = kind === 'source' ? 'of its position' : 'records';
  const effect =
    skips > 0n
      ? `skips ${groupDigits(skips)} ${unit}`
      : rereads === null
        ? 're-reads: not known'
        : rereads === 0n
          ? 'stays'
          : `re-reads ≈ ${groupDigits(rereads)} ${unit}`;
  return note === null ? effect : `${effect} (${note})`;
}

function deltaText(delta: bigint | null): string {
  if (delta === null) return '?';
  return delta === 0n ? '0' : delta > 0n ? `+${groupDigits(delta)}` : `-${groupDigits(-delta)}`;
}

/** Bare offsets as people read them; anything else stays as it is. */
function grouped(text: string): string {
  return /^\d+$/.test(text) ? groupDigits(BigInt(text)) : text;
}

/** `run` begins the change; nothing else does. */
export function previewPage({ target, title, state, to }: WizardPages, plan: OffsetPlan, run: () => void): Dialog {
  const { typed, complaint, cursor } = state;
  const moving =
    state.method === 'shift'
      ? 'it runs: the shift counts from where it is when it has stopped'
      : 'it runs: NOW moves on until it has stopped';
  const self: Dialog = {
    content: {
      title,
      lines: [
        ...previewLines(plan, target.kind, cursor),
        line(''),
        ...(target.isMoving() ? [line(moving, 'dim')] : []),
        line(`steps  ${stepNames(target.work()).join(' → ')}`, 'dim'),
        line('the offsets before are kept as a saved point: z puts them back', 'dim'),
        ...(complaint ? [line(complaint, 'warn')] : []),
      ],
      input: { label: `type ${target.name} to go on:`, line: typed },
      keys: [
        ['⏎', 'after the name'],
        ['esc', 'no'],
      ],
    },
    onKey: (key) => {
      if (isClosing(key)) return null;
      const moved = movedCursor(cursor, key, Math.max(1, plan.changes.length - PREVIEW_ROWS + 1));
      if (key === 'enter') {
        if (textOf(typed) === '') return null;
        if (textOf(typed).normalize('NFC') === target.name.normalize('NFC')) run();
        else to({ complaint: 'that is not its name; nothing was done' });
      } else if (moved !== null) to({ cursor: moved });
      else {
        const next = editLine(typed, key);
        if (next) to({ typed: next, complaint: null });
      }
      return self;
    },
    onPaste: () => to({ complaint: 'type it: a paste is not taken here' }),
  };
  return self;
}
