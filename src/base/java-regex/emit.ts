/** The expression as JavaScript, for the flag `v`. Captures are named `g1`, `g2`, …; only those that somebody reads are kept. */
import type { RegexNode } from './syntax.ts';

export function emitJavaScript(root: RegexNode, captures: ReadonlySet<number>): string {
  let atomics = 0;

  const emit = (node: RegexNode): string => {
    switch (node.kind) {
      case 'set':
        return `[${node.isNegated ? '^' : ''}${node.set}]`;
      case 'place':
        return node.source;
      case 'sequence':
        return node.parts.map(part).join('');
      case 'choice':
        return node.branches.map(emit).join('|');
      case 'repeat':
        return node.mode === 'possessive' ? sealed(repeated(node)) : repeated(node);
      case 'capture':
        return captures.has(node.group) ? `(?<g${node.group}>${emit(node.body)})` : `(?:${emit(node.body)})`;
      case 'atomic':
        return sealed(emit(node.body));
      case 'look':
        return `(?${node.isAhead ? '' : '<'}${node.isNegative ? '!' : '='}${emit(node.body)})`;
      case 'reference':
        return `\\k<g${node.group}>`;
    }
  };

  const part = (node: RegexNode): string => (node.kind === 'choice' ? `(?:${emit(node)})` : emit(node));

  const repeated = ({ body, min, max, mode }: Extract<RegexNode, { kind: 'repeat' }>): string => {
    const counts = max === Number.POSITIVE_INFINITY ? `{${min},}` : `{${min},${max}}`;
    // A possessive loop does not go back into a round either.
    const round = mode === 'possessive' && body.kind !== 'set' ? sealed(emit(body)) : emit(body);
    return `(?:${round})${counts}${mode === 'lazy' ? '?' : ''}`;
  };

  /** A look-ahead gives up its other paths once it has matched: what it took is then taken again as a whole. */
  const sealed = (source: string): string => {
    const name = `a${++atomics}`;
    return `(?=(?<${name}>${source}))\\k<${name}>`;
  };

  return emit(root);
}
