/** The view in sight as a file: replaced whole, mode 0600, its path said. */
import { lstat, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import { fromHome, inHome } from '../base/home-path.ts';
import { replaceFile } from '../base/replace-file.ts';
import { confirmDialog, line } from './dialog.ts';
import type { Session } from './session.ts';

/** Where views are saved when nobody says otherwise: beside the action log, named by context, view and time. */
export function defaultSavePath({ actionLog, context, view, clock }: Session, ending: string): string {
  const { connector, topic, group } = view.target;
  const name = [context.name, view.pane, connector ?? topic ?? group ?? '', new Date(clock.wallMs()).toISOString().replace(/\.\d+/, '')]
    .filter((part) => part !== '')
    .map((part) => part.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 60))
    .join('-');
  return path.join(path.dirname(actionLog.file), 'saves', `${name}.${ending}`);
}

/** Asks before it replaces a file that somebody named. */
export async function saveText(session: Session, wished: string, text: string, what: string): Promise<void> {
  if (wished === '') {
    session.flash('warn', 'without a path nothing is saved');
    return;
  }
  const file = path.resolve(fromHome(wished));
  try {
    const there = await lstat(file).catch(() => null);
    if (there !== null && !there.isFile()) throw new Error('it is there and is no file');
    if (there === null) await write(session, file, text, what);
    else
      session.openDialog(
        confirmDialog({
          title: 'replace the file?',
          lines: [line(file), line(`${plural(there.size, 'byte')} are there; nothing of them stays`, 'warn')],
          yes: 'replace',
          onYes: () => void write(session, file, text, what),
        }),
      );
  } catch (error) {
    session.flash('error', `${file} was not saved: ${messageOf(error)}`);
  }
}

async function write(session: Session, file: string, text: string, what: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await replaceFile(file, text, 0o600);
    session.flash('info', `${what} saved in ${inHome(file)}`);
  } catch (error) {
    session.flash('error', `${file} was not saved: ${messageOf(error)}`);
  }
}
