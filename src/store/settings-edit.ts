/**
 * Settings of a topic or broker, changed by the person: one value in a form, or all that is set in the editor. The broker judges it in
 * a dry run, what follows is shown, and only then it is asked for.
 */
import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import { HIDDEN, maskValue } from '../base/mask.ts';
import { settingInWords } from '../cluster/setting-words.ts';
import type { Admin, ConfigEntry, ConfigResource } from '../kafka/contract.ts';
import { configDialog, problemLines } from './config-dialogs.ts';
import { diffConfig, diffLines } from './config-diff.ts';
import { type ConfigBase, type ConfigProblem, formatConfig, readConfig, withProblems } from './config-text.ts';
import { type DialogLine, line, noticeDialog, paragraph, textDialog } from './dialog.ts';
import { lineOf } from './line-edit.ts';
import type { Operations } from './operations.ts';
import type { Session } from './session.ts';
import { topicConsequences } from './settings-consequences.ts';
import { isOwnSetting, resourceName, type SettingChanges, secretNames, settingsStep } from './settings-steps.ts';

export type Setting = ConfigEntry;

export interface SettingsQuestion {
  readonly danger: 2 | 3;
  readonly title: string;
  readonly lines: readonly DialogLine[];
  readonly verb: string;
  readonly name: string;
}

export interface SettingsEditOptions {
  readonly session: Session;
  readonly operations: Operations;
  readonly admin: Admin;
  readonly resource: ConfigResource;
  readonly entries: readonly ConfigEntry[];
  /** The gate. */
  ask(question: SettingsQuestion, onYes: () => void): void;
}

export class SettingsEdit {
  readonly #options: SettingsEditOptions;
  readonly #name: string;

  constructor(options: SettingsEditOptions) {
    this.#options = options;
    this.#name = resourceName(options.resource);
  }

  /** One value, in a field. */
  inForm(entry: ConfigEntry): void {
    const { session } = this.#options;
    const words = settingInWords(entry.name, entry.value);
    session.openDialog(
      textDialog({
        title: `${entry.name} of ${this.#name}`,
        lines: [
          line(
            `now ${this.#shown(entry.name, entry.value)}${words === null ? '' : ` (${words})`}, ${isOwnSetting(entry) ? 'set here' : 'not set here'}`,
          ),
          ...(entry.documentation ? [paragraph(firstSentence(entry.documentation), 'dim')] : []),
        ],
        label: 'new value:',
        verb: 'look at what follows',
        typed: lineOf(entry.value ?? ''),
        onText: (text) => {
          if (text === entry.value) session.flash('info', `${entry.name} was left as it is`);
          else void this.preview({ [entry.name]: text });
        },
      }),
    );
  }

  /** Everything that is set here, as a file; lines that are gone go back to their default. */
  async inEditor(text: string = this.#file()): Promise<void> {
    const { session } = this.#options;
    const outcome = await session.terminal.edit(text, `${this.#name}.properties`);
    if (outcome.kind === 'failed') session.flash('error', `${outcome.problem}; the settings of ${this.#name} were not touched`);
    else if (outcome.kind === 'unchanged') session.flash('info', `the settings of ${this.#name} were left as they are`);
    else this.#judge(outcome.text);
  }

  #file(): string {
    const others = this.#options.entries.filter((entry) => !isOwnSetting(entry) && !entry.isReadOnly && !entry.isSensitive);
    return [
      formatConfig(this.#base(), 'properties', [
        `Settings of ${this.#name}. Save and leave the editor to go on; nothing is applied before you have seen what follows.`,
        'A line that you delete goes back to its default. Settings that are not set here stand below: take the # away to set one.',
      ]),
      ...others.map((entry) =>
        formatConfig({ config: { [entry.name]: entry.value ?? '' }, passwordKeys: new Set() }, 'properties').replace(/^/, '#'),
      ),
    ].join('');
  }

  #base(): ConfigBase {
    const own = this.#options.entries.filter(isOwnSetting);
    const secret = secretNames(own);
    return { config: Object.fromEntries(own.map(({ name, value }) => [name, value ?? ''])), passwordKeys: secret };
  }

  #judge(text: string): void {
    const base = this.#base();
    const { config, problems } = readConfig(text, 'properties', base);
    if (problems.length > 0) {
      this.#refuse(text, problems);
      return;
    }
    const changes: Record<string, string | null> = {};
    for (const [name, value] of Object.entries(config)) if (base.config[name] !== value) changes[name] = value;
    for (const name of Object.keys(base.config)) if (!Object.hasOwn(config, name)) changes[name] = null;
    if (Object.keys(changes).length === 0) this.#options.session.flash('info', `the settings of ${this.#name} were left as they are`);
    else void this.preview(changes, text);
  }

  #refuse(text: string | null, problems: readonly ConfigProblem[]): void {
    const again =
      text === null ? [] : [{ key: 'e', word: 'edit again', run: () => void this.inEditor(withProblems(text, 'properties', problems)) }];
    this.#options.session.openDialog(
      configDialog({
        title: `settings of ${this.#name}: ${plural(problems.length, 'problem')}`,
        body: problemLines(problems),
        foot: [line(''), line('Nothing was changed.', 'dim')],
        apply: null,
        others: again,
        drop: 'drop it',
      }),
    );
  }

  /** What the broker says, what follows, and the question. `text`: of the editor, to be opened again. Never throws. */
  async preview(changes: SettingChanges, text: string | null = null): Promise<void> {
    const { session, admin, resource } = this.#options;
    const title = `settings of ${this.#name}`;
    const reading = noticeDialog(title, [line('the broker judges it …', 'dim')]);
    session.openDialog(reading);
    try {
      await admin.alterConfigs(resource, changes, true);
      const { lines, isLossy } = await this.#consequences(changes);
      // Somebody closed it while it was asked for.
      if (session.ui.dialog !== reading) return;
      session.setDialog(null);
      this.#options.ask(
        {
          danger: isLossy ? 3 : 2,
          title: `change ${plural(Object.keys(changes).length, 'setting')} of ${this.#name}?`,
          lines: [...this.#difference(changes), ...lines],
          verb: 'change',
          name: this.#name,
        },
        () => void this.#apply(changes),
      );
    } catch (error) {
      if (session.ui.dialog !== reading) return;
      session.setDialog(null);
      this.#refuse(text, [
        { key: Object.keys(changes).length === 1 ? Object.keys(changes)[0]! : null, line: null, text: messageOf(error) },
      ]);
    }
  }

  /** Old and new of each, with what the figures mean. */
  #difference(changes: SettingChanges): DialogLine[] {
    const { entries } = this.#options;
    const names = Object.keys(changes);
    const now = Object.fromEntries(entries.filter(({ name }) => names.includes(name)).map(({ name, value }) => [name, value ?? '']));
    const secret = secretNames(entries);
    const then = Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value ?? '(back to the default)']));
    return diffLines(diffConfig({ config: now, passwordKeys: secret }, then)).concat(
      names.flatMap((name) => {
        const [was, is] = [settingInWords(name, now[name] ?? null), settingInWords(name, changes[name] ?? null)];
        return was === null && is === null
          ? []
          : [line(`  ${name}: ${was ?? now[name] ?? '?'} → ${is ?? changes[name] ?? 'the default'}`, 'accent')];
      }),
    );
  }

  async #consequences(changes: SettingChanges) {
    const { session, admin, resource, entries } = this.#options;
    const data = session.cluster?.data;
    const topic = resource.type === 'topic' ? data?.topics.find(({ info }) => info.name === resource.name) : undefined;
    if (!topic || !data) return { lines: [], isLossy: false };
    return topicConsequences({ admin, topic, disks: data.disks, entries, nowMs: session.clock.wallMs() }, changes);
  }

  async #apply(changes: SettingChanges): Promise<void> {
    const { session, operations, resource, entries } = this.#options;
    const onChanged = () => {
      if (resource.type === 'topic') session.cluster?.forgetRules(resource.name);
    };
    await operations.run(settingsStep(resource, changes, { clock: session.clock, base: entries, onChanged }));
  }

  #shown(name: string, value: string | null): string {
    const entry = this.#options.entries.find((one) => one.name === name);
    return entry?.isSensitive ? HIDDEN : value === null || value === '' ? 'empty' : maskValue(name, value);
  }
}

function firstSentence(text: string): string {
  const plain = text
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return /^.*?[.](?=\s|$)/.exec(plain)?.[0] ?? plain;
}
