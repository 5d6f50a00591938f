/**
 * Where the two engines would give different answers although the operators look alike: what a back reference or a replacement reads from a
 * group, and which way a loop goes whose body may match nothing. All of it is found in the expression itself, before any text is matched.
 */
import { LINE_BREAK, type ParsedRegex, type RegexNode, unsupported } from './syntax.ts';

/** What stands around a node. */
interface Around {
  /** The path that was taken through it cannot be changed later: which one comes first matters. */
  readonly isAtomic: boolean;
  readonly isLookBehind: boolean;
}

/** Throws ConfigError for what would match differently. `isOrdered`: it matters which of several matches is found, not only whether there is one. */
export function checkExactness(regex: ParsedRegex, isOrdered: boolean): void {
  const wanted = referencedGroups(regex.root);
  check(regex.root, new Set(), { isAtomic: isOrdered, isLookBehind: false });
  for (const [group, at] of wanted) {
    const problem = captureProblem(regex.root, group);
    if (problem !== null) throw unsupported(`a back reference to group ${group}, which ${problem},`, at);
  }
}

/** Groups that back references read, with the place of the first one. */
export function referencedGroups(node: RegexNode, found = new Map<number, number>()): ReadonlyMap<number, number> {
  if (node.kind === 'reference' && !found.has(node.group)) found.set(node.group, node.at);
  for (const part of partsOf(node)) referencedGroups(part, found);
  return found;
}

export function partsOf(node: RegexNode): readonly RegexNode[] {
  switch (node.kind) {
    case 'sequence':
      return node.parts;
    case 'choice':
      return node.branches;
    case 'repeat':
    case 'capture':
    case 'atomic':
    case 'look':
      return [node.body];
    default:
      return [];
  }
}

/** Groups that have matched for sure behind the node; `before`: those in front of it. */
function check(node: RegexNode, before: ReadonlySet<number>, around: Around): ReadonlySet<number> {
  switch (node.kind) {
    case 'sequence':
      return node.parts.reduce((known, part) => check(part, known, around), before);
    case 'choice': {
      const branches = node.branches.map((branch) => check(branch, before, around));
      return new Set([...branches[0]!].filter((group) => branches.every((branch) => branch.has(group))));
    }
    case 'repeat': {
      const isAtomic = around.isAtomic || node.mode === 'possessive';
      if (node.mode === 'possessive' && around.isLookBehind) throw unsupported('a possessive repetition in a look-behind', node.at);
      if (isAtomic && node.max > 1 && canBeEmpty(node.body)) throw unsupported('a repetition of what may be empty', node.at);
      if (holdsLineBreak(node.body)) throw unsupported('a repeated \\R', node.at);
      const after = check(node.body, before, { ...around, isAtomic });
      return node.min > 0 ? after : before;
    }
    case 'capture':
      return new Set([...check(node.body, before, around), node.group]);
    case 'atomic':
      if (around.isLookBehind) throw unsupported('an atomic group in a look-behind', node.at);
      return check(node.body, before, { ...around, isAtomic: true });
    case 'look': {
      if (!node.isAhead) widestMatch(node.body, node.at);
      const hasCaptures = node.isAhead && !node.isNegative && holdsCapture(node.body);
      const inside = { isAtomic: hasCaptures, isLookBehind: around.isLookBehind || !node.isAhead };
      const after = check(node.body, before, inside);
      return node.isAhead && !node.isNegative ? after : before;
    }
    case 'reference':
      if (around.isLookBehind) throw unsupported('a back reference in a look-behind', node.at);
      if (!before.has(node.group)) throw unsupported(`a back reference to group ${node.group} where that may not have matched`, node.at);
      return before;
    default:
      return before;
  }
}

/** Why the last content of a group differs between the engines; `null` when it does not. */
export function captureProblem(root: RegexNode, group: number): string | null {
  const path = pathTo(root, group) ?? [];
  const isLoop = (node: RegexNode) => node.kind === 'repeat' && node.max > 1;
  const isSealed = (node: RegexNode) =>
    node.kind === 'look' || node.kind === 'atomic' || (node.kind === 'repeat' && node.mode === 'possessive');
  for (const [i, node] of path.entries()) {
    if (node.kind === 'look' && (node.isNegative || !node.isAhead)) return 'lies in a look-behind or a negative look-ahead';
    if (isSealed(node) && path.slice(0, i).some((outer) => isLoop(outer) || outer.kind === 'choice' || outer.kind === 'repeat')) {
      return 'lies in a look-ahead or atomic group inside a repetition or an alternative';
    }
    if (!isLoop(node) || node.kind !== 'repeat') continue;
    if (canBeEmpty(node.body)) return 'lies in a repetition of what may be empty';
    if (!alwaysCaptures(node.body, group)) return 'does not take part in every round of a repetition';
  }
  return null;
}

/** The nodes around a group, outermost first. */
function pathTo(node: RegexNode, group: number): RegexNode[] | null {
  if (node.kind === 'capture' && node.group === group) return [];
  for (const part of partsOf(node)) {
    const rest = pathTo(part, group);
    if (rest !== null) return [node, ...rest];
  }
  return null;
}

function alwaysCaptures(node: RegexNode, group: number): boolean {
  switch (node.kind) {
    case 'capture':
      return node.group === group || alwaysCaptures(node.body, group);
    case 'choice':
      return node.branches.every((branch) => alwaysCaptures(branch, group));
    case 'repeat':
      return node.min > 0 && alwaysCaptures(node.body, group);
    default:
      return partsOf(node).some((part) => alwaysCaptures(part, group));
  }
}

function holdsCapture(node: RegexNode): boolean {
  return node.kind === 'capture' || partsOf(node).some(holdsCapture);
}

/** Java takes `\r\n` as a whole in a loop, and in two steps elsewhere. */
function holdsLineBreak(node: RegexNode): boolean {
  return node === LINE_BREAK || partsOf(node).some(holdsLineBreak);
}

function canBeEmpty(node: RegexNode): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'sequence':
      return node.parts.every(canBeEmpty);
    case 'choice':
      return node.branches.some(canBeEmpty);
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.body);
    case 'capture':
    case 'atomic':
      return canBeEmpty(node.body);
    default:
      return true;
  }
}

/** Most characters that it takes; Java wants a bound for a look-behind, and overlooks some that have none. */
function widestMatch(node: RegexNode, at: number): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'choice':
      return Math.max(...node.branches.map((branch) => widestMatch(branch, at)));
    case 'repeat':
      if (node.max === Number.POSITIVE_INFINITY) throw unsupported('a look-behind without an obvious maximum length', at);
      return node.max * widestMatch(node.body, at);
    case 'look':
    case 'place':
      return 0;
    default:
      return partsOf(node).reduce((width, part) => width + widestMatch(part, at), 0);
  }
}
