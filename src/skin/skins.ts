/** The skins that come with the program; config/skins/ holds the same as files to copy from. */
import type { SkinFile } from './skin.ts';

const dark: SkinFile = {
  name: 'default',
  description: 'For dark backgrounds: calm, one accent.',
  tokens: {
    dim: { fg: '#8a8a8a', basic: 'gray' },
    title: { fg: '#8a8a8a', basic: 'gray', bold: true },
    accent: { fg: '#5fafff', basic: 'bright-blue' },
    key: { fg: '#5fafff', basic: 'bright-blue', bold: true },
    ok: { fg: '#5faf5f', basic: 'green' },
    warn: { fg: '#d7af00', basic: 'yellow' },
    fail: { fg: '#ff5f5f', basic: 'bright-red', bold: true },
    paused: { fg: '#d7af00', basic: 'yellow' },
    stopped: { fg: '#8a8a8a', basic: 'gray' },
    stale: { fg: '#d7af00', basic: 'yellow' },
    cursor: { bg: '#303a46', basicBg: 'blue', bold: true },
    match: { fg: '#000000', bg: '#d7af00', basic: 'black', basicBg: 'yellow' },
    rule: { fg: '#4e4e4e', basic: 'gray' },
    context: { fg: '#5fafff', basic: 'bright-blue', bold: true },
    protected: { fg: '#ffffff', bg: '#af0000', basic: 'bright-white', basicBg: 'red', bold: true },
    changed: { fg: '#d7d7af', basic: 'bright-yellow' },
  },
};

const light: SkinFile = {
  name: 'light',
  description: 'For light backgrounds.',
  tokens: {
    dim: { fg: '#6c6c6c', basic: 'gray' },
    title: { fg: '#6c6c6c', basic: 'gray', bold: true },
    accent: { fg: '#005faf', basic: 'blue' },
    key: { fg: '#005faf', basic: 'blue', bold: true },
    ok: { fg: '#00751a', basic: 'green' },
    warn: { fg: '#875f00', basic: 'yellow' },
    fail: { fg: '#c00000', basic: 'red', bold: true },
    paused: { fg: '#875f00', basic: 'yellow' },
    stopped: { fg: '#6c6c6c', basic: 'gray' },
    stale: { fg: '#875f00', basic: 'yellow' },
    cursor: { bg: '#d0e2f5', basicBg: 'cyan', bold: true },
    match: { fg: '#000000', bg: '#ffd75f', basic: 'black', basicBg: 'yellow' },
    rule: { fg: '#b2b2b2', basic: 'gray' },
    context: { fg: '#005faf', basic: 'blue', bold: true },
    protected: { fg: '#ffffff', bg: '#c00000', basic: 'bright-white', basicBg: 'red', bold: true },
    changed: { fg: '#5f5f00', basic: 'yellow' },
  },
};

const highContrast: SkinFile = {
  name: 'high-contrast',
  description: 'Full white on black, strong states.',
  tokens: {
    text: { fg: '#ffffff', basic: 'bright-white' },
    dim: { fg: '#d0d0d0', basic: 'white' },
    title: { fg: '#ffffff', basic: 'bright-white', bold: true, underline: true },
    accent: { fg: '#00ffff', basic: 'bright-cyan', bold: true },
    key: { fg: '#00ffff', basic: 'bright-cyan', bold: true },
    ok: { fg: '#00ff00', basic: 'bright-green', bold: true },
    warn: { fg: '#ffff00', basic: 'bright-yellow', bold: true },
    fail: { fg: '#ffffff', bg: '#d70000', basic: 'bright-white', basicBg: 'red', bold: true },
    paused: { fg: '#ffff00', basic: 'bright-yellow' },
    stopped: { fg: '#d0d0d0', basic: 'white' },
    stale: { fg: '#000000', bg: '#ffff00', basic: 'black', basicBg: 'yellow' },
    cursor: { inverse: true, bold: true },
    match: { fg: '#000000', bg: '#ffff00', basic: 'black', basicBg: 'yellow' },
    rule: { fg: '#ffffff', basic: 'bright-white' },
    context: { fg: '#00ffff', basic: 'bright-cyan', bold: true },
    protected: { fg: '#ffffff', bg: '#d70000', basic: 'bright-white', basicBg: 'red', bold: true },
    changed: { fg: '#ffff00', basic: 'bright-yellow' },
  },
};

const colourBlind: SkinFile = {
  name: 'colour-blind',
  description: 'Blue for good, orange for bad: no red beside green.',
  tokens: {
    ...dark.tokens,
    ok: { fg: '#56b4e9', basic: 'bright-cyan' },
    warn: { fg: '#f0e442', basic: 'bright-yellow' },
    fail: { fg: '#ff7300', basic: 'bright-yellow', bold: true, underline: true },
    paused: { fg: '#cc79a7', basic: 'magenta' },
    protected: { fg: '#000000', bg: '#ff8700', basic: 'black', basicBg: 'yellow', bold: true },
  },
};

const mono: SkinFile = {
  name: 'mono',
  description: 'No colour at all: bold, underline and inverse carry the marks (also what NO_COLOR gives).',
  tokens: {
    title: { bold: true },
    key: { bold: true },
    warn: { underline: true },
    fail: { bold: true },
    stale: { underline: true },
    cursor: { inverse: true },
    match: { inverse: true },
    context: { bold: true },
    protected: { inverse: true, bold: true },
  },
};

export const SKINS: readonly SkinFile[] = [dark, light, highContrast, colourBlind, mono];
export const DEFAULT_SKIN: SkinFile = dark;
export const MONO_SKIN: SkinFile = mono;
