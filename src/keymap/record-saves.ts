/** Records taken elsewhere: what `c` offers of one, and ctrl-s of a tail. */

import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import { fromHome } from '../base/home-path.ts';
import type { TailRecord } from '../cluster/record-ring.ts';
import { line, type MenuItem, menuDialog, textDialog } from '../store/dialog.ts';
import { lineOf } from '../store/line-edit.ts';
import { recordJson } from '../store/record-json.ts';
import { saveRecords } from '../store/save-records.ts';
import { defaultSavePath } from '../store/save-view.ts';
import type { Session } from '../store/session.ts';
import { isTail } from '../store/view.ts';

/** The one that is open, or the one under the cursor of a tail, or its newest; `null` elsewhere. */
export function recordInSight({ view, tail }: Session): TailRecord | null {
  if (!tail) return null;
  if (view.target.record !== undefined) return tail.tail.ring.get(view.target.record);
  if (!isTail(view.pane)) return null;
  const sequence = view.cursorId === null || view.isFollowing ? tail.move(view, null, 0) : Number(view.cursorId);
  return sequence === null ? null : tail.tail.ring.get(sequence);
}

/** Base64 of what is no text. */
function bytesText(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString(isUtf8(bytes) ? 'utf8' : 'base64');
}

export function recordChoices(
  record: TailRecord,
): ReadonlyArray<{ readonly key: string; readonly label: string; readonly text: string | null }> {
  return [
    { key: 'v', label: 'value', text: bytesText(record.value) },
    { key: 'y', label: 'key', text: bytesText(record.key) },
    { key: 'r', label: 'record', text: recordJson(record) },
    { key: 'n', label: 'place', text: `${record.topic}-${record.partition}@${record.offset}` },
  ];
}

/** What of a tail may be saved; each choice then asks where. */
export function saveTailMenu(session: Session): void {
  const { tail } = session.current().data;
  const view = session.tail;
  if (!tail || !view) return;
  const { ring } = view.tail;
  const whole = [ring.firstSequence, ring.endSequence] as const;
  const shown = new Set(tail.records.map((record) => record.sequence));
  const inShown = [tail.records[0]?.sequence ?? 0, (tail.records.at(-1)?.sequence ?? -1) + 1] as const;
  const item = (
    key: string,
    label: string,
    detail: string,
    range: readonly [number, number],
    passes: (record: TailRecord) => boolean,
    isDisabled = false,
  ): MenuItem => ({
    key,
    label,
    detail,
    isDisabled,
    run: () => askPath(session, label, (file) => saveRecords(file, view.tail, range, passes, () => session.clock.monoMs())),
  });
  session.openDialog(
    menuDialog({
      title: 'save records as NDJSON',
      lines: [line('Bytes that are no UTF-8 are written in base64.', 'dim')],
      items: [
        item('s', 'shown', plural(shown.size, 'record'), inShown, (record) => shown.has(record.sequence), shown.size === 0),
        item(
          'm',
          'matches',
          tail.filter.isEmpty ? 'there is no filter' : 'all that pass the filter',
          whole,
          tail.filter.test,
          tail.filter.isEmpty,
        ),
        item('r', 'ring', `all ${plural(ring.length, 'record')} that are kept`, whole, () => true, ring.length === 0),
      ],
    }),
  );
}

function askPath(session: Session, what: string, save: (file: string) => ReturnType<typeof saveRecords>): void {
  session.openDialog(
    textDialog({
      title: `save ${what}`,
      lines: [line('Where? The file must not be there yet; it is readable by you alone.', 'dim')],
      label: 'path:',
      verb: 'save',
      typed: lineOf(defaultSavePath(session, 'ndjson')),
      onText: (typed) => void run(session, path.resolve(fromHome(typed)), save),
    }),
  );
}

async function run(session: Session, file: string, save: (file: string) => ReturnType<typeof saveRecords>): Promise<void> {
  session.flash('info', `saving in ${file} …`);
  try {
    const { written, gone, undecodable } = await save(file);
    const lost = [
      gone > 0 ? `${plural(gone, 'record')} had left the ring` : '',
      undecodable > 0 ? `${undecodable} not decodable` : '',
    ].filter((one) => one !== '');
    session.flash(lost.length > 0 ? 'warn' : 'info', [`${plural(written, 'record')} saved in ${file}`, ...lost].join(' · '));
  } catch (error) {
    session.flash('error', `${file} was not saved: ${messageOf(error)}`);
  }
}
