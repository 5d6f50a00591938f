/**
 * A connector's config in the user's editor: read, edit, judged by the worker, shown as a difference, applied when the answer is yes.
 * Whatever is wrong on the way, the text that was typed is not lost before somebody drops it.
 */
import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import type { Herder } from '../herder/herder.ts';
import { passwordKeysOf, problemsOf } from './config-check.ts';
import { type ConfigQuestion, configDialog, problemsDialog, validationDialog } from './config-dialogs.ts';
import { consequencesOf, diffConfig, diffLines } from './config-diff.ts';
import { type ConnectorConfig, configHash } from './config-steps.ts';
import { type ConfigBase, type ConfigFormat, type ConfigProblem, formatConfig, readConfig, withProblems } from './config-text.ts';
import { line, noticeDialog, typeNameDialog } from './dialog.ts';
import { gateLines } from './gate-lines.ts';
import type { Operations } from './operations.ts';
import type { Session } from './session.ts';

export class ConnectorEdit {
  readonly #session: Session;
  readonly #operations: Operations;
  readonly #herder: Herder;
  readonly #name: string;
  readonly #format: ConfigFormat;
  #base: ConfigBase = { config: {}, passwordKeys: new Set() };

  constructor(session: Session, operations: Operations, herder: Herder, name: string, format: ConfigFormat) {
    this.#session = session;
    this.#operations = operations;
    this.#herder = herder;
    this.#name = name;
    this.#format = format;
  }

  /** Never throws. */
  async begin(): Promise<void> {
    const reading = noticeDialog(this.#title, [line('reading the config …', 'dim')]);
    this.#session.openDialog(reading);
    try {
      const config = await this.#herder.connectorConfig(this.#name);
      this.#base = { config, passwordKeys: await passwordKeysOf(this.#herder, config) };
    } catch (error) {
      if (this.#session.ui.dialog === reading) this.#session.setDialog(null);
      this.#session.flash('error', `the config of ${this.#name} cannot be read: ${messageOf(error)}`);
      return;
    }
    // Somebody closed it while it was reading.
    if (this.#session.ui.dialog !== reading) return;
    this.#session.setDialog(null);
    await this.#edit(formatConfig(this.#base, this.#format, this.#head()), true);
  }

  get #title(): string {
    return `config of ${this.#name}`;
  }

  #head(): string[] {
    return [
      `Config of ${this.#name}. Save and leave the editor to go on; nothing is applied before you have seen the difference.`,
      'What is left as [hidden] keeps the stored value. Leave without a change to do nothing.',
    ];
  }

  /** `isFirst`: an unchanged text means that nothing is wanted. */
  async #edit(text: string, isFirst: boolean): Promise<void> {
    const outcome = await this.#session.terminal.edit(text, `${this.#name}.${this.#format}`);
    if (outcome.kind === 'failed') {
      this.#session.flash('error', `${outcome.problem}; the config of ${this.#name} was not touched`);
      if (!isFirst) this.#ask(text, [], [line('your text of before is still here', 'dim')]);
    } else if (outcome.kind === 'unchanged' && isFirst) this.#session.flash('info', `the config of ${this.#name} was left as it is`);
    else await this.#judge(outcome.kind === 'changed' ? outcome.text : text);
  }

  async #judge(text: string): Promise<void> {
    const { config, problems } = readConfig(text, this.#format, this.#base);
    if (problems.length > 0) {
      this.#ask(text, problems, []);
      return;
    }
    if (configHash(config) === configHash(this.#base.config)) {
      this.#session.flash('info', `the config of ${this.#name} was left as it is`);
      return;
    }
    const reading = noticeDialog(this.#title, [line('the worker judges it …', 'dim')]);
    this.#session.openDialog(reading);
    const found = await problemsOf(this.#herder, config);
    if (this.#session.ui.dialog !== reading) {
      this.#session.flash('warn', `the config of ${this.#name} was not changed: the question was closed`);
      return;
    }
    this.#session.setDialog(null);
    if (found.length > 0) this.#ask(text, found, []);
    else this.#confirm(text, config);
  }

  #again(text: string): ConfigQuestion['others'][number] {
    return { key: 'e', word: 'edit again', run: () => void this.#edit(text, false) };
  }

  /** Something is wrong: again, or not at all. */
  #ask(text: string, problems: readonly ConfigProblem[], foot: ConfigQuestion['foot']): void {
    this.#session.openDialog(problemsDialog(this.#title, problems, foot, this.#again(withProblems(text, this.#format, problems))));
  }

  #confirm(text: string, config: ConnectorConfig, complaint: string | null = null): void {
    const changes = diffConfig(this.#base, config);
    const { isProtected } = this.#session.context;
    const foot = [
      line(''),
      ...consequencesOf(this.#operations.row(this.#name), changes).map((one) => line(one, 'dim')),
      ...gateLines(this.#session, 'Connect'),
      ...(complaint === null ? [] : [line(complaint, 'fail')]),
    ];
    const apply = () => void this.#apply(text, config);
    const typed = () =>
      this.#session.openDialog(typeNameDialog({ title: this.#title, lines: foot, name: this.#name, verb: 'apply it', onYes: apply }));
    this.#session.openDialog(
      configDialog({
        title: `${this.#title}: apply ${plural(changes.length, 'change')}?`,
        body: diffLines(changes),
        foot,
        apply: { word: 'apply', run: isProtected ? typed : apply },
        others: [this.#again(text)],
        drop: 'drop it',
      }),
    );
  }

  async #apply(text: string, config: ConnectorConfig): Promise<void> {
    if (await this.#operations.changeConfig(this.#name, config, this.#base.config)) return;
    let complaint = 'it was not taken: the reason stands below';
    try {
      const live = await this.#herder.connectorConfig(this.#name);
      if (configHash(live) !== configHash(this.#base.config))
        complaint = 'somebody else has changed it meanwhile: this is the difference to what is there now';
      this.#base = { ...this.#base, config: live };
    } catch {
      // The reason that stands below is the one that counts.
    }
    this.#confirm(text, config, complaint);
  }
}

/** Judges the config as it is now. Never throws. */
export async function validateConnector(session: Session, herder: Herder, name: string): Promise<void> {
  const title = `validate ${name}`;
  const reading = noticeDialog(title, [line('the worker judges it …', 'dim')]);
  session.openDialog(reading);
  try {
    const config = await herder.connectorConfig(name);
    const problems = await problemsOf(herder, config);
    if (session.ui.dialog === reading) session.setDialog(validationDialog(title, problems, Object.keys(config).length));
  } catch (error) {
    if (session.ui.dialog === reading) session.setDialog(noticeDialog(title, [line(`It cannot be judged: ${messageOf(error)}`, 'fail')]));
  }
}
