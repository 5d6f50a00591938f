/** A change of offsets as a table to read before anything is done: old → new, what comes again, what is lost. */
import { groupDigits, plural } from '../base/format.ts';
import { cutTextStart, fitText, textWidth } from '../base/width.ts';
import { type DialogLine, line } from './dialog.ts';
import type { OffsetPlan } from './offset-plan.ts';

const PREVIEW_ROWS = 6;

export function previewLines({ changes }: OffsetPlan, isSink: boolean): DialogLine[] {
  const shown = changes.slice(0, PREVIEW_ROWS).map((change) => ({ ...change, now: grouped(change.now), next: grouped(change.next) }));
  const width = (pick: (change: (typeof shown)[number]) => string, least: number) =>
    Math.min(44, Math.max(least, ...shown.map((change) => textWidth(pick(change)))));
  const [label, now, next] = [width((change) => change.label, 9), width((change) => change.now, 3), width((change) => change.next, 3)];
  const rows = shown.map((change) => {
    const unit = isSink ? 'records' : 'of its position';
    const effect =
      change.skips > 0n
        ? `skips ${groupDigits(change.skips)} ${unit}`
        : change.rereads === null
          ? 're-reads: not known'
          : `re-reads ≈ ${groupDigits(change.rereads)} ${unit}`;
    return line(
      `${fitText(cutTextStart(change.label, label), label)}  ${fitText(change.now, now)}  →  ${fitText(change.next, next)}  ${effect}`,
      change.skips > 0n ? 'warn' : 'text',
    );
  });
  const rereads = changes.reduce((all, change) => all + (change.rereads ?? 0n), 0n);
  const skips = changes.reduce((all, change) => all + change.skips, 0n);
  const more = changes.length > PREVIEW_ROWS ? [line(`… and ${plural(changes.length - PREVIEW_ROWS, 'more partition')}`, 'dim')] : [];
  const total = isSink && changes.length > 1 ? [line(`together re-reads ≈ ${groupDigits(rereads)} records`, 'text')] : [];
  const loss = skips > 0n && isSink ? [line(`${groupDigits(skips)} records will never be delivered`, 'fail')] : [];
  return [
    line(`${fitText('PARTITION', label)}  ${fitText('NOW', now)}  →  ${fitText('NEW', next)}`, 'title'),
    ...rows,
    ...more,
    ...total,
    ...loss,
  ];
}

/** Bare offsets as people read them; anything else stays as it is. */
function grouped(text: string): string {
  return /^\d+$/.test(text) ? groupDigits(BigInt(text)) : text;
}
