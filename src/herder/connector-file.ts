/**
 * Connector files of the command line: Java properties, a JSON object of settings, or JSON `{name, config, initial_state}`.
 * Every error names the file. Source: ConnectStandalone.parseConnectorConfigurationFile.
 */
import { readFileSync } from 'node:fs';
import { ConfigError, messageOf } from '../base/errors.ts';
import { type ExactJson, type ExactJsonObject, parseExactJson } from '../base/exact-json.ts';
import { parsePropertiesBytes } from '../spec/properties-file.ts';
import type { TargetState } from './model.ts';

export interface ConnectorFile {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly initialState: TargetState | null;
}

const INITIAL_STATES: Readonly<Record<string, TargetState>> = { RUNNING: 'STARTED', PAUSED: 'PAUSED', STOPPED: 'STOPPED' };

/** Throws ConfigError. */
export function readConnectorFile(path: string): ConnectorFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new ConfigError(`Cannot read connector file ${path}: ${messageOf(error)}`, { cause: error });
  }
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (path.endsWith('.json') || text.trimStart().startsWith('{')) return fromJson(text, path);
  return named({ ...parsePropertiesBytes(bytes, path) }, path);
}

function fromJson(text: string, path: string): ConnectorFile {
  let json: ExactJson;
  try {
    json = parseExactJson(text, 'text');
  } catch (error) {
    throw new ConfigError(`Connector file ${path} is not valid JSON: ${messageOf(error)}`, { cause: error });
  }
  if (!isObject(json)) throw new ConfigError(`Connector file ${path} must hold a JSON object of settings.`);
  const { config, name, initial_state: state } = json;
  if (!isObject(config)) return named(settings(json, path), path);
  const inner = settings(config, path);
  const outerName = name === undefined || name === null ? undefined : settingText('name', name, path);
  if (outerName !== undefined && inner.name !== undefined && inner.name !== outerName) {
    throw new ConfigError(
      `Connector name configuration in 'config' (${inner.name}) doesn't match the one specified in 'name' (${outerName}) at '${path}'`,
    );
  }
  const whole = inner.name === undefined && outerName !== undefined ? { ...inner, name: outerName } : inner;
  return { ...named(whole, path), initialState: state === undefined || state === null ? null : initialState(state, path) };
}

function named(config: Record<string, string>, path: string): ConnectorFile {
  const { name } = config;
  if (name === undefined || name.trim() === '') {
    throw new ConfigError(`Connector configuration at '${path}' is missing the mandatory 'name' configuration`);
  }
  return { name, config, initialState: null };
}

function initialState(value: ExactJson, path: string): TargetState {
  const state = typeof value === 'string' ? INITIAL_STATES[value.toUpperCase()] : undefined;
  if (!state) throw new ConfigError(`initial_state ${JSON.stringify(value)} in ${path} is not known; use RUNNING, PAUSED or STOPPED.`);
  return state;
}

function settings(json: ExactJsonObject, path: string): Record<string, string> {
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, settingText(key, value, path)]));
}

function settingText(key: string, value: ExactJson, path: string): string {
  if (value === null || typeof value === 'object') {
    throw new ConfigError(
      `Setting ${key} in connector file ${path} must be a text, a number or a boolean, not ${value === null ? 'null' : 'an object or array'}.`,
    );
  }
  return String(value);
}

function isObject(value: ExactJson | undefined): value is ExactJsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
