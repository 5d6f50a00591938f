/**
 * Frames say more than a terminal needs to be told: one «next line» for each row that is as it was, and all styles of a line up to the
 * place where it changed. On a slow line that is most of what is written while a clock ticks.
 */
const NEXT_LINES = /(?:\x1b\[E){2,}/g;
const STYLES = /(?:\x1b\[[\d;]*m){2,}/g;
const STYLE = /\x1b\[([\d;]*)m/g;

/** Looks the same on every terminal that knows ECMA-48. */
export function slim(text: string): string {
  return text.replace(NEXT_LINES, (all) => `\x1b[${all.length / 3}E`).replace(STYLES, lastOfEach);
}

/** Of styles set one after the other, with nothing written between, the last of each kind counts. */
function lastOfEach(run: string): string {
  const last = new Map<string, string>();
  for (const [sequence, parameters = ''] of run.matchAll(STYLE)) {
    const kind = kindOf(parameters);
    // Several at once, or one that we do not know: stays, and so does what is before it.
    if (kind === null) return run;
    if (kind === 'all') last.clear();
    if (kind === 'weight') for (const one of ['bold', 'dim']) last.delete(one);
    last.delete(kind);
    last.set(kind, sequence);
  }
  return [...last.values()].join('');
}

const KINDS: Readonly<Record<string, string>> = {
  '': 'all',
  '0': 'all',
  '1': 'bold',
  '2': 'dim',
  '22': 'weight',
  '3': 'italic',
  '23': 'italic',
  '4': 'underline',
  '24': 'underline',
  '7': 'inverse',
  '27': 'inverse',
  '9': 'strike',
  '29': 'strike',
};

function kindOf(parameters: string): string | null {
  if (/^(?:3[0-79]|9[0-7]|38;5;\d+|38;2;\d+;\d+;\d+)$/.test(parameters)) return 'foreground';
  if (/^(?:4[0-79]|10[0-7]|48;5;\d+|48;2;\d+;\d+;\d+)$/.test(parameters)) return 'background';
  return KINDS[parameters] ?? null;
}

/** The stream, but what is written to it is slimmed. */
export function slimOutput(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (chunk: string | Uint8Array, ...rest: never[]) => stdout.write(typeof chunk === 'string' ? slim(chunk) : chunk, ...rest);
  return new Proxy(stdout, {
    get: (target, property) => {
      if (property === 'write') return write;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
