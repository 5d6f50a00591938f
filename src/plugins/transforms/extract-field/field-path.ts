/** Names of a field inside nested ones. Source: org.apache.kafka.connect.transforms.field.SingleFieldPath. */
import { ConfigError } from '../../../base/errors.ts';

/**
 * Steps of a path in the syntax of version 2: divided by dots; a step in backticks may hold dots, and ends at the backtick that a dot or the
 * end follows. A backslash before such a backtick makes it part of the name. Throws ConfigError for one that does not end, and for an empty path.
 */
export function pathSteps(path: string): readonly string[] {
  if (path === '') throw new ConfigError('An empty path names no field.');
  const steps: string[] = [];
  let at = 0;
  while (at < path.length) {
    const [step, next] = path[at] === '`' ? quotedStep(path, at) : plainStep(path, at);
    steps.push(step);
    at = next;
  }
  if (path.endsWith('.')) steps.push('');
  return steps;
}

function plainStep(path: string, start: number): [step: string, next: number] {
  const dot = path.indexOf('.', start);
  return dot === -1 ? [path.slice(start), path.length] : [path.slice(start, dot), dot + 1];
}

function quotedStep(path: string, opening: number): [step: string, next: number] {
  let step = '';
  let start = opening + 1;
  for (let at = path.indexOf('`', start); at !== -1; at = path.indexOf('`', at + 1)) {
    const isEscaped = path[at - 1] === '\\';
    const isLast = at === path.length - 1;
    if (!isLast && path[at + 1] !== '.') continue;
    if (!isEscaped) return [step + path.slice(start, at), at + 2];
    if (isLast) break;
    step += `${path.slice(start, at - 1)}\``;
    start = at + 1;
  }
  throw new ConfigError(
    `Incomplete backtick pair in path: [${path}], consider adding a backslash before backtick at position ${opening} to escape it`,
  );
}
