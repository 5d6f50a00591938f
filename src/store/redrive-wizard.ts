/** The dialog that writes dead letters back: where those without an origin go, a dry run to read, the typed name, then how it goes. */
import { messageOf } from '../base/errors.ts';
import { formatBytes, groupDigits, plural } from '../base/format.ts';
import type { RedrivePlan } from '../cluster/redrive-plan.ts';
import { type Dialog, type DialogLine, line, noticeDialog } from './dialog.ts';
import { EMPTY_LINE, editLine, type LineEdit, textOf } from './line-edit.ts';
import type { Operations } from './operations.ts';
import { headerConverterWarning, type RedriveFacts, type RedriveSubject, readRedriveFacts } from './redrive-facts.ts';
import { runRedrive } from './redrive-run.ts';
import type { Session } from './session.ts';

const MOST_LIMIT = 99;
const SHOWN = 5;

/** The dry run as lines to read. */
export function planLines(plan: RedrivePlan): DialogLine[] {
  const { queue, sends, targets, leftOut } = plan;
  const size = sends.reduce((all, one) => all + one.sizeBytes, 0);
  const out = leftOut.reduce((all, one) => all + one.records, 0);
  const width = Math.min(40, Math.max(0, ...targets.map(({ topic }) => topic.length)));
  return [
    line(
      `${groupDigits(sends.length)} of ${plural(sends.length + out, 'dead letter')} of ${queue} would be written, ${formatBytes(size)}`,
      'title',
    ),
    ...targets
      .slice(0, SHOWN)
      .map(({ topic, records, sizeBytes }) =>
        line(`→ ${topic.padEnd(width)}  ${plural(records, 'record')}  ${formatBytes(sizeBytes)}`, 'accent'),
      ),
    ...(targets.length > SHOWN ? [line(`… and ${plural(targets.length - SHOWN, 'more topic')}`, 'dim')] : []),
    ...(out === 0 ? [] : [line(`left out ${groupDigits(out)}:`, 'warn')]),
    ...leftOut.slice(0, SHOWN).map(({ why, records }) => line(`${groupDigits(records).padStart(7)}  ${why}`, 'warn')),
    ...(leftOut.length > SHOWN ? [line(`… and ${plural(leftOut.length - SHOWN, 'more reason')}`, 'warn')] : []),
  ];
}

interface WizardState {
  readonly limit: number;
  /** Where records go that do not tell their origin; `null`: not asked. */
  readonly topic: LineEdit | null;
  readonly plan: RedrivePlan | null;
  readonly typed: LineEdit;
  readonly complaint: string | null;
}

export class RedriveWizard {
  readonly #session: Session;
  readonly #operations: Operations;
  readonly #subject: RedriveSubject;
  /** What is not in sight and therefore not among them; `null`: nothing. */
  readonly #unseen: string | null;
  #facts: RedriveFacts | null = null;
  #state: WizardState = { limit: 1, topic: null, plan: null, typed: EMPTY_LINE, complaint: null };

  constructor(session: Session, operations: Operations, subject: RedriveSubject, unseen: string | null) {
    this.#session = session;
    this.#operations = operations;
    this.#subject = subject;
    this.#unseen = unseen;
  }

  get #title(): string {
    return `redrive dead letters of ${this.#subject.connector}`;
  }

  async open(): Promise<void> {
    const { kafka } = this.#session;
    if (!kafka) return;
    this.#session.openDialog(noticeDialog(this.#title, [line('asking for the topics …', 'dim')]));
    try {
      this.#facts = await readRedriveFacts(kafka, this.#subject, this.#session.actionLog.records);
      const plan = await this.#facts.plan({ limit: 1, fallbackTopic: null });
      // Somebody closed it meanwhile.
      if (this.#session.ui.dialog === null) return;
      this.#state = plan.withoutOrigin > 0 ? { ...this.#state, topic: EMPTY_LINE } : { ...this.#state, plan };
      this.#session.openDialog(this.#dialog());
    } catch (error) {
      this.#session.setDialog(noticeDialog(this.#title, [line(`It cannot be planned: ${messageOf(error)}`, 'fail')]));
    }
  }

  #to(change: Partial<WizardState>): void {
    this.#state = { ...this.#state, ...change };
    this.#session.setDialog(this.#dialog());
  }

  #dialog(): Dialog {
    const { plan, topic } = this.#state;
    return plan === null ? this.#topicDialog(topic ?? EMPTY_LINE) : this.#previewDialog(plan);
  }

  // ---- where those go that do not say where they came from

  #topicDialog(topic: LineEdit): Dialog {
    const { complaint } = this.#state;
    return {
      content: {
        title: this.#title,
        lines: [
          line('Some of them have no header that tells the topic they came from', 'text'),
          line('(errors.deadletterqueue.context.headers.enable was false).', 'dim'),
          line('Type that topic; nothing: they are left out.', 'dim'),
          ...(complaint ? [line(complaint, 'warn')] : []),
        ],
        input: { label: 'topic:', line: topic },
        keys: [
          ['⏎', 'dry run'],
          ['esc', 'no'],
        ],
      },
      onKey: (key) => {
        if (key === 'esc' || key === 'ctrl-c') return null;
        if (key === 'enter') void this.#preview({ topic });
        else {
          const next = editLine(topic, key);
          if (next) this.#to({ topic: next, complaint: null });
        }
        return this.#session.ui.dialog;
      },
      onPaste: () => {
        this.#to({ complaint: 'type it: a paste is not taken here' });
        return this.#session.ui.dialog ?? this.#dialog();
      },
    };
  }

  async #preview(change: Partial<WizardState>): Promise<void> {
    const { limit, topic } = { ...this.#state, ...change };
    const fallbackTopic = topic === null ? null : textOf(topic).trim() || null;
    try {
      const plan = await this.#facts!.plan({ limit, fallbackTopic });
      if (this.#session.ui.dialog !== null) this.#to({ ...change, plan, typed: EMPTY_LINE, complaint: null });
    } catch (error) {
      if (this.#session.ui.dialog !== null) this.#to({ complaint: messageOf(error) });
    }
  }

  // ---- the dry run, and the typed name

  #previewDialog(plan: RedrivePlan): Dialog {
    const { typed, complaint, limit, topic } = this.#state;
    const { connector, config } = this.#subject;
    const isEmpty = plan.sends.length === 0;
    const warning = headerConverterWarning(config);
    const lines = [
      ...planLines(plan),
      ...(this.#unseen === null ? [] : [line(this.#unseen, 'dim')]),
      line(''),
      ...(isEmpty
        ? [line('There is nothing to write.', 'warn')]
        : [
            line(`Every reader of these topics gets them again, not only ${connector}.`, 'warn'),
            ...(warning === null ? [] : [line(warning, 'warn')]),
            line('Keys, values, headers and times stay; the queue keeps its records.', 'dim'),
          ]),
      line(`limit ${limit}: what was redriven ${plural(limit, 'time')} is left out`, 'dim'),
      ...(complaint ? [line(complaint, 'warn')] : []),
    ];
    return {
      content: {
        title: this.#title,
        lines,
        input: isEmpty ? null : { label: `type ${connector} to write them:`, line: typed },
        keys: [
          ...(isEmpty ? [] : ([['⏎', 'after the name']] as const)),
          ['↑ ↓', 'limit'],
          ...(topic === null ? [] : ([['tab', 'topic']] as const)),
          ['esc', 'no'],
        ],
      },
      onKey: (key) => this.#onPreviewKey(key, plan),
      onPaste: () => {
        this.#to({ complaint: 'type it: a paste is not taken here' });
        return this.#session.ui.dialog ?? this.#dialog();
      },
    };
  }

  #onPreviewKey(key: string, plan: RedrivePlan): Dialog | null {
    const { typed, limit, topic } = this.#state;
    const { connector } = this.#subject;
    if (key === 'esc' || key === 'ctrl-c') return null;
    if (key === 'up' || key === 'down') void this.#preview({ limit: Math.max(1, Math.min(MOST_LIMIT, limit + (key === 'up' ? 1 : -1))) });
    else if (key === 'tab' && topic !== null) this.#to({ plan: null });
    else if (key === 'enter') {
      if (textOf(typed) === '' || plan.sends.length === 0) return null;
      if (textOf(typed).normalize('NFC') === connector.normalize('NFC')) void this.#run(plan);
      else this.#to({ complaint: 'that is not its name; nothing was written' });
    } else if (plan.sends.length > 0) {
      const next = editLine(typed, key);
      if (next) this.#to({ typed: next, complaint: null });
    }
    return this.#session.ui.dialog;
  }

  async #run(plan: RedrivePlan): Promise<void> {
    const { kafka } = this.#session;
    if (!kafka || !this.#facts) return;
    await runRedrive(this.#session, this.#operations, { kafka, plan, title: this.#title, clusterId: this.#facts.clusterId });
  }
}
