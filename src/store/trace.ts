/** Stack traces as Connect hands them out: which cause is the real one, and how to say it in one line. Passwords in them are hidden. */
import { maskText } from '../base/mask.ts';

export interface TraceCause {
  /** Full class name. */
  readonly className: string;
  readonly message: string;
  readonly frames: readonly string[];
}

const HEAD = /^(?:Caused by: )?([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)(?:: ?([\s\S]*))?$/;

/** The same traces come with every look. */
const KEPT = 256;
const parsed = new Map<string, readonly TraceCause[]>();

/** Outermost first, as written. Lines that belong to no frame are more text of the message above. */
export function parseTrace(trace: string): readonly TraceCause[] {
  const known = parsed.get(trace);
  if (known) return known;
  if (parsed.size >= KEPT) parsed.clear();
  const causes = parse(maskText(trace));
  parsed.set(trace, causes);
  return causes;
}

function parse(trace: string): TraceCause[] {
  const causes: { className: string; message: string; frames: string[] }[] = [];
  for (const line of trace.split(/\r?\n/)) {
    const current = causes.at(-1);
    if (/^\s+(at |\.\.\. \d+ )/.test(line)) current?.frames.push(line.trim());
    else if (/^\s+Suppressed: /.test(line)) current?.frames.push(line.trim());
    else if (!current || line.startsWith('Caused by: ')) {
      if (line.trim() === '') continue;
      const [, className, message] = HEAD.exec(line) ?? [];
      causes.push({ className: className ?? '', message: className === undefined ? line : (message ?? ''), frames: [] });
    } else if (current.frames.length === 0 && line.trim() !== '') current.message += `\n${line}`;
  }
  return causes;
}

/** The last cause: what happened first. `null` for a trace without any text. */
export function innermostCause(trace: string): TraceCause | null {
  return parseTrace(trace).at(-1) ?? null;
}

export function simpleName(className: string): string {
  return className.slice(className.lastIndexOf('.') + 1);
}

/** First line of the innermost message, with its class where a single word says too little. */
export function shortCause(trace: string | null | undefined): string | null {
  if (!trace) return null;
  const cause = innermostCause(trace);
  if (!cause) return null;
  const message = cause.message.split('\n')[0]!.trim();
  if (message === '' || message === 'null') return simpleName(cause.className);
  // Some say only which file or host, and the class says what of it.
  return message.includes(' ') || cause.className === '' ? message : `${simpleName(cause.className)}: ${message}`;
}

/** What two traces must have in common to have the same cause: the innermost class and its message. */
export function causeKey(trace: string): string {
  const cause = innermostCause(trace);
  return cause ? `${cause.className}: ${cause.message}` : '';
}

/** `SQLException: Duplicate entry …`. */
export function causeLine(cause: TraceCause): string {
  const name = simpleName(cause.className);
  const message = cause.message.split('\n')[0]!.trim();
  return name === '' ? message : message === '' ? name : `${name}: ${message}`;
}
