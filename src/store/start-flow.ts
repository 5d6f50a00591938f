/**
 * From nothing to a console on something: where to go, or the addresses of something new, tried step by step, kept under a name. A row of
 * questions; Esc goes back to the one before.
 */
import { messageOf } from '../base/errors.ts';
import type { CheckStep } from '../base/reach.ts';
import { wrapWords } from '../base/wrap-words.ts';
import { type Dialog, type DialogLine, line, type MenuItem, menuDialog, textDialog } from './dialog.ts';
import { lineOf } from './line-edit.ts';
import type { NewPlace, Place, PlaceChoice } from './place.ts';
import type { Session } from './session.ts';

/** Cells of an answer in its box. */
const WIDTH = 70;
const INDENT = 4;
/** Places with a digit of their own; the others go by `:ctx NAME`. */
const MAX_LISTED = 9;
const NOTHING: NewPlace = { brokers: null, commandConfig: null, connect: null };

export function openStart(session: Session): void {
  show(session, whereTo(session));
}

export function goTo(session: Session, place: Place): void {
  session.exit(0, { next: place });
}

/** The first question is guarded against type-ahead; the next ones follow from its answer. */
function show(session: Session, dialog: Dialog): void {
  session.setDialog(dialog);
  session.frames.flush();
}

function whereTo(session: Session): Dialog {
  const { isStart, places, problems } = session.host;
  const listed = places.slice(0, MAX_LISTED);
  const more = places.length - listed.length;
  return menuDialog({
    title: isStart ? 'kconsole' : 'where to?',
    no: isStart ? 'leave' : 'stay',
    onNo: () => isStart && session.exit(0),
    lines: [
      line(`${places.length > 0 ? '' : isStart ? 'Nothing is set up yet. ' : 'No other context is set up. '}What do you want to look at?`),
      ...(more > 0 ? [line(`${more} more: :ctx NAME`, 'dim')] : []),
      ...problems.flatMap((problem) => wrapWords(problem, WIDTH, 3).map((text) => line(text, 'warn'))),
      line(''),
    ],
    items: [
      ...listed.map((choice, i) => placeItem(session, choice, String(i + 1))),
      item('b', 'brokers', 'a Kafka cluster, by HOST:PORT', () => askBrokers(session, NOTHING, true)),
      item('u', 'Connect URL', 'a running Connect cluster, by http://HOST:PORT', () => askConnect(session, NOTHING, true)),
      item('d', 'demo', 'a local Kafka with live pipelines (needs Java)', () => goTo(session, { kind: 'demo' })),
    ],
  });
}

function placeItem(session: Session, { label, detail, place }: PlaceChoice, key: string): MenuItem {
  return item(key, label, detail, () => goTo(session, place));
}

function item(key: string, label: string, detail: string, run: () => void): MenuItem {
  return { key, label, detail, isDisabled: false, run };
}

function askBrokers(session: Session, known: NewPlace, isFirst: boolean): void {
  ask(session, {
    title: 'brokers',
    lines: isFirst
      ? ['One or two are enough, the others are learnt from them.']
      : ['The Kafka brokers of this Connect cluster, if you want to see them; or nothing.'],
    label: 'HOST:PORT,…:',
    value: known.brokers,
    onBack: () => (isFirst ? openStart(session) : askConnect(session, known, true)),
    onText: (brokers) => {
      if (brokers === null && isFirst) return askBrokers(session, known, isFirst);
      const next = { ...known, brokers };
      if (brokers === null) tryOut(session, { ...next, commandConfig: null });
      else askConfig(session, next, isFirst);
    },
  });
}

function askConfig(session: Session, known: NewPlace, isBrokersFirst: boolean): void {
  ask(session, {
    title: 'client properties',
    lines: ['A file as for --command-config of Kafka’s own tools, where TLS or a login is needed; or nothing.'],
    label: 'file:',
    value: known.commandConfig,
    onBack: () => askBrokers(session, known, isBrokersFirst),
    onText: (commandConfig) => {
      const next = { ...known, commandConfig };
      if (isBrokersFirst) askConnect(session, next, false);
      else tryOut(session, next);
    },
  });
}

function askConnect(session: Session, known: NewPlace, isFirst: boolean): void {
  ask(session, {
    title: 'Connect',
    lines: isFirst
      ? ['Any worker of the cluster; more of them are tried when one is away.']
      : ['Its Connect cluster, if there is one; or nothing.'],
    label: 'http://HOST:8083,…:',
    value: known.connect,
    onBack: () => (isFirst ? openStart(session) : askConfig(session, known, true)),
    onText: (connect) => {
      if (connect === null && isFirst) return askConnect(session, known, isFirst);
      const next = { ...known, connect };
      if (isFirst) askBrokers(session, next, false);
      else tryOut(session, next);
    },
  });
}

interface Question {
  readonly title: string;
  readonly lines: readonly string[];
  readonly label: string;
  readonly value: string | null;
  onBack(): void;
  /** `null`: nothing was typed. */
  onText(text: string | null): void;
}

function ask(session: Session, { title, lines, label, value, onBack, onText }: Question): void {
  show(
    session,
    textDialog({
      title,
      lines: lines.map((text) => line(text, 'dim')),
      label,
      verb: 'next',
      no: 'back',
      typed: lineOf(value ?? ''),
      onNo: onBack,
      onText: (text) => onText(text === '' ? null : text),
    }),
  );
}

// ---- trying it out

/** Runs the checks and shows each step when it is done. */
function tryOut(session: Session, addresses: NewPlace): void {
  const steps: CheckStep[] = [];
  let isOver = false;
  let isGone = false;
  const redraw = () => {
    if (!isGone)
      show(
        session,
        checkDialog(session, addresses, steps, isOver, () => (isGone = true)),
      );
  };
  redraw();
  void (async () => {
    try {
      for await (const step of session.host.check(addresses)) {
        steps.push(step);
        redraw();
      }
    } catch (error) {
      steps.push({ what: 'check', outcome: 'failed', answer: messageOf(error), advice: null });
    }
    isOver = true;
    redraw();
  })();
}

function checkDialog(session: Session, addresses: NewPlace, steps: readonly CheckStep[], isOver: boolean, leave: () => void): Dialog {
  const verdict = verdictOf(addresses, steps);
  const self: Dialog = {
    content: {
      title: 'trying it out',
      lines: [...steps.flatMap(stepLines), line(''), isOver ? verdict : line('…', 'dim')],
      input: null,
      keys: [
        ...(isOver
          ? ([
              ['s', 'keep it'],
              ['e', 'change'],
              ['r', 'try again'],
            ] as const)
          : []),
        ['esc', 'back'],
      ],
    },
    onKey: (key) => {
      const go = (next: () => void) => {
        leave();
        next();
        return null;
      };
      if (key === 'esc' || key === 'ctrl-c') return go(() => openStart(session));
      if (!isOver) return self;
      if (key === 's') return go(() => askName(session, addresses, null));
      if (key === 'e')
        return go(() => (addresses.brokers === null ? askConnect(session, addresses, true) : askBrokers(session, addresses, true)));
      if (key === 'r') return go(() => tryOut(session, addresses));
      return self;
    },
  };
  return self;
}

/** One broker that is away does not make a cluster useless. */
function verdictOf({ brokers, connect }: NewPlace, steps: readonly CheckStep[]): DialogLine {
  const has = (start: string) => steps.some(({ what, outcome }) => what.startsWith(start) && outcome !== 'failed');
  if ((brokers !== null && !has('cluster')) || (connect !== null && !has('Connect ')))
    return line('It cannot be reached as it is. It may be kept nevertheless.', 'warn');
  return steps.some(({ outcome }) => outcome === 'failed')
    ? line('It can be used, but not all of it is reached.', 'warn')
    : line('It can be used.', 'ok');
}

const MARKS = { ok: ['✓', 'ok'], warn: ['▲', 'warn'], failed: ['✖', 'fail'] } as const;

export function stepLines({ what, outcome, answer, advice }: CheckStep): DialogLine[] {
  const [mark, tone] = MARKS[outcome];
  const told = wrapWords(`${what}: ${answer}`, WIDTH, 3);
  const [first = '', ...others] = told;
  return [
    line(`${mark} ${first}`, outcome === 'ok' ? 'text' : tone),
    ...others.map((text) => line(`${' '.repeat(INDENT)}${text}`, outcome === 'ok' ? 'text' : tone)),
    ...(advice === null
      ? []
      : wrapWords(`→ ${advice}`, WIDTH - INDENT, 3).map((text, i) => line(`${' '.repeat(i === 0 ? INDENT : INDENT + 2)}${text}`))),
  ];
}

// ---- a name

function askName(session: Session, addresses: NewPlace, problem: string | null): void {
  show(
    session,
    textDialog({
      title: 'a name for it',
      lines: [
        ...(problem === null ? [] : [line(problem, 'warn')]),
        line('It is kept as a context; a plain kconsole opens it from now on.', 'dim'),
      ],
      label: 'name:',
      verb: 'keep it',
      no: 'back',
      typed: lineOf(problem === null ? suggestedName(addresses) : ''),
      onNo: () => openStart(session),
      onText: (name) => {
        try {
          session.host.save(name, addresses);
        } catch (error) {
          askName(session, addresses, messageOf(error));
          return;
        }
        goTo(session, { kind: 'context', name });
      },
    }),
  );
}

/** `kafka-1.prod.example.com:9092` → `kafka-1`. */
export function suggestedName({ brokers, connect }: NewPlace): string {
  const first = (brokers ?? connect ?? '').split(',')[0]!.replace(/^\w+:\/\/([^@/]*@)?/, '');
  const host = first.replace(/[:/].*$/, '');
  return /^[\d.]*$/.test(host) ? 'local' : host.split('.')[0]!;
}
