/** What the worker says about a configuration: problems by their keys, and which keys are passwords. */
import { messageOf } from '../base/errors.ts';
import { HIDDEN, isSecretName } from '../base/mask.ts';
import type { Herder } from '../herder/herder.ts';
import type { ConfigInfos } from '../herder/model.ts';
import type { ConnectorConfig } from './config-steps.ts';
import type { ConfigProblem } from './config-text.ts';

const CLASS_KEY = 'connector.class';

/** Throws what the worker answers when it cannot judge at all (no such class, not reachable). */
export async function validateConfig(herder: Herder, config: ConnectorConfig): Promise<ConfigInfos> {
  const className = config[CLASS_KEY]?.trim();
  if (!className) throw new Error(`${CLASS_KEY} is missing`);
  return herder.validateConfig(className, config);
}

/** The same as a list; a worker that refuses to judge is one problem of the class. */
export async function problemsOf(herder: Herder, config: ConnectorConfig): Promise<ConfigProblem[]> {
  try {
    return toProblems(await validateConfig(herder, config), config);
  } catch (error) {
    return [{ key: CLASS_KEY, line: null, text: withoutValues(messageOf(error), config, new Set()) }];
  }
}

export function toProblems(infos: ConfigInfos, config: ConnectorConfig): ConfigProblem[] {
  const passwords = passwordKeysIn(infos);
  return infos.configs.flatMap(({ value }) =>
    value.errors.map((text) => ({ key: value.name, line: null, text: withoutValues(text, config, passwords) })),
  );
}

/** Also those of converters, transforms and client overrides, under their prefixes. */
export function passwordKeysIn(infos: ConfigInfos): Set<string> {
  return new Set(infos.configs.flatMap(({ definition, value }) => (definition?.type === 'PASSWORD' ? [value.name] : [])));
}

/** Of a configuration that the worker may not be able to judge: names alone decide then. */
export async function passwordKeysOf(herder: Herder, config: ConnectorConfig): Promise<ReadonlySet<string>> {
  try {
    return passwordKeysIn(await validateConfig(herder, config));
  } catch {
    return new Set();
  }
}

/** A worker quotes the value that it refuses. */
function withoutValues(text: string, config: ConnectorConfig, passwords: ReadonlySet<string>): string {
  let hidden = text;
  for (const [key, value] of Object.entries(config)) {
    if (value.length >= 3 && (passwords.has(key) || isSecretName(key))) hidden = hidden.replaceAll(value, HIDDEN);
  }
  return hidden;
}
