/**
 * The packages of plugin.path: folders with a package.json, each folder of the path itself or one below it (`@scope/name` two below).
 * Only package.json is read here: nothing of a package is run, its scripts never.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConnectError, messageOf } from '../base/errors.ts';

/** A package as data: crosses to threads. */
export interface PluginPackage {
  readonly name: string;
  readonly version: string;
  /** Absolute, without links. */
  readonly folder: string;
  /** Absolute path of its module. */
  readonly main: string;
}

/** Why something of plugin.path is left out. */
export interface PackageFault {
  /** Name of the package, or its folder when that cannot be told. */
  readonly package: string;
  readonly message: string;
}

export interface FoundPackages {
  /** In the order of the path, by folder name within each entry. */
  readonly packages: readonly PluginPackage[];
  readonly faults: readonly PackageFault[];
}

/** Never throws: what cannot be read is a fault. */
export function findPackages(entries: readonly string[]): FoundPackages {
  const packages: PluginPackage[] = [];
  const faults: PackageFault[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    const at = path.resolve(entry);
    try {
      for (const folder of foldersOf(at)) {
        try {
          const found = readPackage(folder);
          if (!seen.has(found.folder)) packages.push(found);
          seen.add(found.folder);
        } catch (error) {
          faults.push({ package: folder, message: messageOf(error) });
        }
      }
    } catch (error) {
      faults.push({ package: at, message: `it cannot be read (${messageOf(error)}). Make that folder, or correct plugin.path.` });
    }
  }
  return { packages, faults };
}

const MANIFEST = 'package.json';
const isFile = (at: string) => statSync(at, { throwIfNoEntry: false })?.isFile() ?? false;
const isFolder = (at: string) => statSync(at, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Folders with a package.json. Others (those of Java plugins, say) are none of ours. */
function foldersOf(at: string): string[] {
  if (isFile(path.join(at, MANIFEST))) return [at];
  return readdirSync(at)
    .sort()
    .map((name) => path.join(at, name))
    .filter(isFolder)
    .flatMap((folder) =>
      path.basename(folder).startsWith('@')
        ? readdirSync(folder)
            .sort()
            .map((name) => path.join(folder, name))
        : [folder],
    )
    .filter((folder) => isFile(path.join(folder, MANIFEST)));
}

function readPackage(at: string): PluginPackage {
  const folder = realpathSync(at);
  const manifest = readManifest(path.join(folder, MANIFEST));
  const { name, version, main } = manifest;
  if (typeof name !== 'string' || name === '') throw new ConnectError(`${MANIFEST} has no "name".`);
  if (typeof version !== 'string' || !/^\d+(\.\d+)*([-+.].+)?$/.test(version)) {
    throw new ConnectError(`${MANIFEST} has no "version" such as "1.0.0".`);
  }
  if (typeof main !== 'string' || main === '') throw new ConnectError(`${MANIFEST} has no "main": name the module that exports plugins.`);
  const module = path.resolve(folder, main);
  if (!isFile(module)) throw new ConnectError(`${MANIFEST} names "main": "${main}", and there is no such file.`);
  const real = realpathSync(module);
  if (!real.startsWith(folder + path.sep))
    throw new ConnectError(`${MANIFEST} names "main": "${main}", which lies outside of the package.`);
  if (/\.[cm]?ts$/.test(real) && real.split(path.sep).includes('node_modules')) {
    throw new ConnectError(
      `"main": "${main}" is TypeScript below a folder node_modules, where Node runs JavaScript only. Put the package elsewhere, or compile it.`,
    );
  }
  return { name, version, folder, main: real };
}

function readManifest(file: string): Readonly<Record<string, unknown>> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConnectError(`${MANIFEST} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  if (typeof manifest !== 'object' || manifest === null) throw new ConnectError(`${MANIFEST} is no object.`);
  return manifest as Readonly<Record<string, unknown>>;
}
