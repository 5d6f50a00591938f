/** Lines that tell their place, for tests of what arrives exactly once. */

/** Letters of several bytes, so that a position in characters would show. */
export const lineOf = (index: number): string => `${index} 한글 로그`;

/** With their line ends; `to` is not among them. */
export const linesOf = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `${lineOf(from + i)}\n`).join('');
