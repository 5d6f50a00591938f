/** `allowed.paths`: where a provider may read. Source: org.apache.kafka.common.config.internals.AllowedPaths. */
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { Config } from '../../../plugin-api/plugin.ts';

export class AllowedPaths {
  /** Null: every path. */
  readonly #roots: readonly string[] | null;
  readonly #log: Log;

  /** Throws ConfigError for a path that is not absolute, or not there. */
  constructor(config: Config, log: Log) {
    this.#log = log;
    const roots = (config['allowed.paths'] ?? '').split(',').flatMap((root) => (root.trim() === '' ? [] : [checked(root.trim())]));
    this.#roots = roots.length === 0 ? null : roots;
  }

  /**
   * The path as it may be opened, or null (and a warning) when it may not. Unlike the JVM's this follows symbolic links first, so that a
   * link does not lead out of the allowed paths.
   */
  async resolve(untrusted: string): Promise<string | null> {
    if (this.#roots === null) return path.normalize(untrusted);
    const wanted = path.normalize(untrusted);
    if (!isWithin(wanted, this.#roots)) return this.#refuse(untrusted, '');
    const [real, ...roots] = await Promise.all([wanted, ...this.#roots].map(realPath));
    if (isWithin(real!, roots)) return real!;
    return this.#refuse(untrusted, `: it is a link to ${real}, which allowed.paths does not have`);
  }

  #refuse(untrusted: string, why: string): null {
    this.#log.warn(`The path ${untrusted} is not allowed to be accessed${why}`);
    return null;
  }
}

function checked(root: string): string {
  const normal = path.normalize(root);
  if (!path.isAbsolute(normal)) throw new ConfigError(`Path ${normal} is not absolute`);
  if (!existsSync(normal)) throw new ConfigError(`Path ${normal} does not exist`);
  return normal;
}

/** What is not there stays as it is: whoever opens it will say so. */
function realPath(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}

function isWithin(file: string, roots: readonly string[]): boolean {
  return roots.some((root) => {
    const below = path.relative(root, file);
    return path.isAbsolute(file) && below !== '..' && !below.startsWith(`..${path.sep}`);
  });
}
