/** Questions about a configuration: what is wrong with it, and whether it is to be applied. Only y applies; only esc drops what was typed. */
import { plural } from '../base/format.ts';
import { sanitize } from '../base/sanitize.ts';
import type { ConfigProblem } from './config-text.ts';
import { type Dialog, type DialogLine, line, paragraph } from './dialog.ts';
import { movedCursor, scrolledLines } from './dialog-list.ts';

export function problemLines(problems: readonly ConfigProblem[]): DialogLine[] {
  return problems.flatMap(({ key, line: number, text }) => {
    const [first = '', ...rest] = text.split('\n').map(sanitize);
    const place = [...(number === null ? [] : [`line ${number}`]), ...(key === null ? [] : [key])].join(', ');
    return [paragraph(`✖ ${place === '' ? '' : `${place}: `}${first}`, 'fail'), ...rest.map((one) => paragraph(`  ${one}`, 'dim'))];
  });
}

export interface ConfigQuestion {
  readonly title: string;
  /** Scrolled when there are many. */
  readonly body: readonly DialogLine[];
  /** Below them, always in sight. */
  readonly foot: readonly DialogLine[];
  /** Word for y; absent: it cannot be applied. */
  readonly apply: { readonly word: string; run(): void } | null;
  /** More keys: what they do is said by the word. */
  readonly others: ReadonlyArray<{ readonly key: string; readonly word: string; run(): void }>;
  /** Word for esc. */
  readonly drop: string;
}

export function configDialog(question: ConfigQuestion, top = 0): Dialog {
  const { body, foot, apply, others } = question;
  const self: Dialog = {
    content: {
      title: question.title,
      lines: [...scrolledLines(body, top), ...foot],
      input: null,
      keys: [
        ...(apply ? ([['y', apply.word]] as const) : []),
        ...others.map(({ key, word }) => [key, word] as const),
        ['esc', question.drop],
      ],
    },
    onKey: (key) => {
      if (key === 'esc' || key === 'ctrl-c') return null;
      const chosen = key === 'y' ? apply : others.find((one) => one.key === key);
      if (chosen) {
        chosen.run();
        return null;
      }
      const moved = movedCursor(top, key, body.length);
      return moved === null ? self : configDialog(question, moved);
    },
  };
  return self;
}

/** Something is wrong with a text: again, or not at all. */
export function problemsDialog(
  title: string,
  problems: readonly ConfigProblem[],
  foot: readonly DialogLine[],
  again: ConfigQuestion['others'][number],
): Dialog {
  return configDialog({
    title: `${title}: ${problems.length === 0 ? 'not applied' : plural(problems.length, 'problem')}`,
    body: problemLines(problems),
    foot: [line(''), ...foot, line('Nothing was applied. The file opens again with this at its place.', 'dim')],
    apply: null,
    others: [again],
    drop: 'drop it',
  });
}

/** What the worker has found; nothing is applied. */
export function validationDialog(title: string, problems: readonly ConfigProblem[], settings: number): Dialog {
  return configDialog({
    title,
    body: problems.length === 0 ? [line(`${plural(settings, 'setting')}, none is refused`, 'ok')] : problemLines(problems),
    foot: [line('judged by the worker; nothing was applied', 'dim')],
    apply: null,
    others: [],
    drop: 'close',
  });
}
