/**
 * What is on the screen, as lines for a shell: with curl and with kconsole's own one-shot commands. They are for pasting: every name is
 * quoted, and no password stands in them.
 */
import type { ActionRecord } from './action-log.ts';
import type { Addresses } from './addresses.ts';
import type { PaneId, Target } from './view.ts';

export interface Equivalents {
  readonly curl: string | null;
  readonly kconsole: string | null;
}

export interface EquivalentOf {
  readonly pane: PaneId;
  readonly focus: Target;
  readonly addresses: Addresses;
  /** The action under the cursor. */
  readonly action: ActionRecord | null;
}

/** One word of a POSIX shell. Control characters go as `$'\x1b'`, which bash, zsh and ksh read. */
export function shellWord(text: string): string {
  if (/^[\w./:@%+=,-]+$/.test(text)) return text;
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text
    .replaceAll(/[\\']/g, (one) => `\\${one}`)
    .replaceAll(/\p{Cc}/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `$'${escaped}'`;
}

interface Asked {
  readonly path: string;
  readonly words: readonly string[];
  readonly names: readonly string[];
}

export function equivalents(of: EquivalentOf): Equivalents {
  if (of.action !== null) return ofAction(of.action, of.addresses);
  const connect = connectAsked(of);
  if (connect) return { curl: curl(of.addresses, 'GET', connect.path), kconsole: kconsoleLine(of.addresses, connect, 'connect') };
  const kafka = kafkaAsked(of);
  return { curl: null, kconsole: kafka && kconsoleLine(of.addresses, kafka, 'kafka') };
}

function connectAsked({ pane, focus: { connector, task, plugin } }: EquivalentOf): Asked | null {
  if (pane === 'topics' || pane === 'partitions' || pane === 'tail' || pane === 'record') return null;
  if (connector !== undefined) {
    const base = `/connectors/${encodeURIComponent(connector)}`;
    if (pane === 'config') return { path: `${base}/config`, words: ['connectors', 'config'], names: [connector] };
    if (pane === 'offsets') return { path: `${base}/offsets`, words: ['offsets', 'get'], names: [connector] };
    if (task !== undefined && (pane === 'tasks' || pane === 'trace'))
      return { path: `${base}/tasks/${task}/status`, words: ['tasks', 'show'], names: [connector, String(task)] };
    return { path: `${base}/status`, words: ['connectors', 'show'], names: [connector] };
  }
  if (plugin !== undefined)
    return { path: `/connector-plugins/${encodeURIComponent(plugin)}/config`, words: ['plugins', 'show'], names: [plugin] };
  if (pane === 'connectors') return { path: '/connectors?expand=status', words: ['connectors', 'list'], names: [] };
  return pane === 'plugins' ? { path: '/connector-plugins?connectorsOnly=false', words: ['plugins', 'list'], names: [] } : null;
}

function kafkaAsked({ focus: { topic, topics, group, broker } }: EquivalentOf): Omit<Asked, 'path'> | null {
  const [tailed] = topics ?? [];
  if (group !== undefined) return { words: ['groups', 'describe'], names: [group] };
  if (topic !== undefined || tailed !== undefined) return { words: ['topics', 'describe'], names: [topic ?? tailed!] };
  return broker === undefined ? null : { words: ['brokers', 'describe'], names: [String(broker)] };
}

/** Only requests without a body: what a body held is masked in the log. */
function ofAction({ request, target }: ActionRecord, addresses: Addresses): Equivalents {
  const [, method, url] = /^(PUT|POST|DELETE) (\S+)$/.exec(request) ?? [];
  const verb =
    /\/(pause|resume|stop|restart)(?:$|\?)/.exec(url ?? '')?.[1] ?? (method === 'DELETE' && !url?.endsWith('/offsets') ? 'delete' : null);
  if (method === undefined || url === undefined || verb === null) return { curl: null, kconsole: null };
  const path = url.startsWith('/') ? url : url.slice(url.indexOf('/connectors/'));
  const task = /\/tasks\/(\d+)\/restart$/.exec(url)?.[1];
  const flags = [...(/includeTasks=true/.test(url) ? ['--tasks'] : []), ...(/onlyFailed=true/.test(url) ? ['--only-failed'] : [])];
  return {
    curl: curl(addresses, method, path),
    kconsole:
      task === undefined
        ? kconsoleLine(addresses, { words: ['connectors', verb, ...flags], names: [target] }, 'connect')
        : kconsoleLine(addresses, { words: ['tasks', 'restart'], names: [target, task] }, 'connect'),
  };
}

function curl({ connect: [url], user }: Addresses, method: string, path: string): string | null {
  if (url === undefined) return null;
  const words = ['curl', '-sS', ...(method === 'GET' ? [] : ['-X', method]), ...(user === null ? [] : ['-u', user]), url + path];
  return words.map(shellWord).join(' ');
}

/** Options first: behind `--` a name may begin with a dash. */
function kconsoleLine(addresses: Addresses, { words, names }: Omit<Asked, 'path'>, of: 'connect' | 'kafka'): string | null {
  const options = of === 'connect' ? connectOptions(addresses) : kafkaOptions(addresses);
  if (options === null) return null;
  const dashes = names.some((name) => name.startsWith('-')) ? ['--'] : [];
  return ['kconsole', ...words, ...options, ...dashes, ...names].map(shellWord).join(' ');
}

/** A one-shot command cannot ask for a password. */
function connectOptions({ connect, user }: Addresses): string[] | null {
  return connect.length === 0 || user !== null ? null : ['--attach', connect.join(',')];
}

function kafkaOptions({ bootstrap, commandConfig }: Addresses): string[] | null {
  if (bootstrap === null && commandConfig === null) return null;
  return [...(bootstrap === null ? [] : ['-b', bootstrap]), ...(commandConfig === null ? [] : ['--command-config', commandConfig])];
}
