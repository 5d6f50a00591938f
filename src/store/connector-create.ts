/** Making a connector: a form is begun (from a plugin or a copy), filled in field by field or in the editor, asked about, created. */
import { messageOf } from '../base/errors.ts';
import { HIDDEN } from '../base/mask.ts';
import { sanitize } from '../base/sanitize.ts';
import { until } from '../base/until.ts';
import { type ConfigQuestion, configDialog, problemLines, problemsDialog } from './config-dialogs.ts';
import { type ConfigProblem, formatConfig, readConfig, withProblems } from './config-text.ts';
import { ConnectorForm, type FormField } from './connector-form.ts';
import { createStep } from './create-step.ts';
import { line, typeNameDialog } from './dialog.ts';
import { FieldQuestion } from './form-field.ts';
import { gateLines } from './gate-lines.ts';
import type { Operations } from './operations.ts';
import type { Session } from './session.ts';

const APPEAR_MS = 20_000;
const LOOK_MS = 250;

export class ConnectorCreation {
  readonly #session: Session;
  readonly #operations: Operations;

  constructor(session: Session, operations: Operations) {
    this.#session = session;
    this.#operations = operations;
  }

  /** Opens the form; the one that was begun before goes. */
  begin(className: string, values: Readonly<Record<string, string>> = {}): void {
    const herder = this.#session.connect?.herder;
    if (!herder) return;
    this.#session.ui.form?.close();
    const form = new ConnectorForm({
      herder,
      clock: this.#session.clock,
      className,
      values,
      onChange: () => this.#session.update({}),
    });
    this.#session.update({ form });
    this.#session.open('form');
  }

  /** Never throws. Secrets that the worker keeps to itself are left out and named. */
  async beginCopy(name: string): Promise<void> {
    try {
      const config = await this.#session.connect?.herder.connectorConfig(name);
      if (!config) return;
      const entries = Object.entries(config).filter(([key]) => key !== 'name');
      const hidden = entries.filter(([, value]) => value.includes(HIDDEN)).map(([key]) => key);
      this.begin(config['connector.class'] ?? '', Object.fromEntries(entries.filter(([key]) => !hidden.includes(key))));
      if (hidden.length > 0) this.#session.flash('warn', `the worker does not tell ${hidden.join(', ')}: type them`);
    } catch (error) {
      this.#session.flash('error', `the config of ${name} cannot be copied: ${messageOf(error)}`);
    }
  }

  field(key: string): void {
    const { form } = this.#session.ui;
    if (form) new FieldQuestion(this.#session, form, key).open();
  }

  /** The whole of it as a file, with what could be set as comments. Never throws. */
  async edit(): Promise<void> {
    const { form } = this.#session.ui;
    if (!form) return;
    const { values, passwordKeys, fields, className } = form.data;
    const head = [`A new ${className}. Save and leave the editor to go back to the form; nothing is created yet.`];
    await this.#edit(form, `${formatConfig({ config: values, passwordKeys }, 'properties', head)}\n${template(fields)}`);
  }

  async #edit(form: ConnectorForm, text: string): Promise<void> {
    const outcome = await this.#session.terminal.edit(text, 'new-connector.properties');
    if (outcome.kind === 'failed') this.#session.flash('error', `${outcome.problem}; the form is as it was`);
    if (outcome.kind !== 'changed') return;
    const { values, passwordKeys } = form.data;
    const { name: _, ...kept } = values;
    const { config, problems } = readConfig(outcome.text, 'properties', { config: kept, passwordKeys });
    if (problems.length === 0) {
      form.setAll(config);
      return;
    }
    const again: ConfigQuestion['others'][number] = {
      key: 'e',
      word: 'edit again',
      run: () => void this.#edit(form, withProblems(outcome.text, 'properties', problems)),
    };
    this.#session.openDialog(problemsDialog('new connector', problems, [], again));
  }

  /** Asks first; only what the worker does not refuse can be created. */
  async ask(): Promise<void> {
    const { form } = this.#session.ui;
    if (!form) return;
    await form.judge();
    const problems = this.#problems(form);
    const { values, passwordKeys } = form.data;
    const { isProtected } = this.#session.context;
    const name = values.name ?? '';
    if (problems.length > 0) {
      this.#session.openDialog(
        configDialog({
          title: 'not ready to be created',
          body: problemLines(problems),
          foot: [line(''), line('! in the form leaves in sight what is refused', 'dim')],
          apply: null,
          others: [],
          drop: 'back to the form',
        }),
      );
      return;
    }
    const foot = [line(''), line('y lets it run at once; s creates it STOPPED', 'dim'), ...gateLines(this.#session, 'Connect')];
    const create = (isStopped: boolean) => () => {
      const run = () => void this.#create(form, isStopped);
      if (!isProtected) run();
      else this.#session.openDialog(typeNameDialog({ title: `create ${name}`, lines: foot, name, verb: 'create it', onYes: run }));
    };
    this.#session.openDialog(
      configDialog({
        title: `create ${name}?`,
        body: formatConfig({ config: values, passwordKeys }, 'properties')
          .trimEnd()
          .split('\n')
          .map((text) => line(text)),
        foot,
        apply: { word: 'create', run: create(false) },
        others: [{ key: 's', word: 'create stopped', run: create(true) }],
        drop: 'back to the form',
      }),
    );
  }

  #problems(form: ConnectorForm): ConfigProblem[] {
    const { values, problems, error } = form.data;
    const whole = (key: string | null, text: string): ConfigProblem => ({ key, line: null, text });
    const name = values.name ?? '';
    if (error !== null) return [whole(null, `the worker cannot judge it: ${error}`)];
    if (name.trim() === '' && !problems.some((one) => one.key === 'name')) return [whole('name', 'it needs a name'), ...problems];
    if (this.#operations.row(name)) return [whole('name', `there is a connector ${name} already`), ...problems];
    return [...problems];
  }

  async #create(form: ConnectorForm, isStopped: boolean): Promise<void> {
    const { values: config, passwordKeys } = form.data;
    const name = config.name ?? '';
    if (!(await this.#operations.run(createStep({ name, config, passwordKeys, isStopped })))) return;
    form.close();
    this.#session.update({ form: null });
    this.#session.jump('connectors', {}, { cursorId: name });
    // A distributed worker answers before its connectors know of it.
    const hasAppeared = await until(() => this.#operations.row(name) !== null, {
      clock: this.#session.clock,
      forMs: APPEAR_MS,
      everyMs: LOOK_MS,
    });
    if (this.#session.view.pane === 'connectors' && hasAppeared) this.#session.open('tasks', { connector: name });
  }
}

/** What is required or important and not set yet, ready to be filled in. */
function template(fields: readonly FormField[]): string {
  return fields
    .filter(({ definition, value }) => value === null && definition && (definition.required || definition.importance === 'HIGH'))
    .map(({ key, definition }) => {
      const fallback = definition?.required ? 'required' : `default ${definition?.default_value ?? 'none'}`;
      return `# ${sanitize(definition?.documentation.replace(/\s+/g, ' ') ?? '').slice(0, 160)} (${fallback})\n#${key}=\n`;
    })
    .join('\n');
}
