/**
 * A context's own colour, on top of any skin: its name stands on it with whatever text can be read there, rules and the edges of
 * questions are drawn in it. Without colours the name is inverse.
 */
import { contextColour } from '../base/context-colour.ts';
import { BASIC_COLOURS, type BasicColour, type Skin, type TokenStyle, toSgr } from './skin.ts';

/** What terminals with 16 colours show, roughly; the user's own palette may differ. */
const BASIC_HEX: Readonly<Record<BasicColour, string>> = {
  black: '#000000',
  red: '#cd0000',
  green: '#00cd00',
  yellow: '#cdcd00',
  blue: '#0000ee',
  magenta: '#cd00cd',
  cyan: '#00cdcd',
  white: '#e5e5e5',
  gray: '#7f7f7f',
  'bright-red': '#ff0000',
  'bright-green': '#00ff00',
  'bright-yellow': '#ffff00',
  'bright-blue': '#5c5cff',
  'bright-magenta': '#ff00ff',
  'bright-cyan': '#00ffff',
  'bright-white': '#ffffff',
};

const made = new WeakMap<Skin, Map<string, Skin>>();

/** The skin itself when the colour is none, or none that is known. */
export function contextSkin(skin: Skin, colour: string | undefined): Skin {
  const hex = colour === undefined ? null : contextColour(colour);
  if (hex === null) return skin;
  const known = made.get(skin) ?? new Map<string, Skin>();
  made.set(skin, known);
  const found = known.get(hex) ?? colouredSkin(skin, hex);
  known.set(hex, found);
  return found;
}

function colouredSkin(skin: Skin, hex: string): Skin {
  const basic = nearestBasic(hex);
  const isBright = luminance(hex) > 0.35;
  const name: TokenStyle =
    skin.level === 0
      ? { inverse: true, bold: true }
      : {
          bg: hex,
          basicBg: basic,
          fg: isBright ? '#000000' : '#ffffff',
          basic: luminance(BASIC_HEX[basic]) > 0.35 ? 'black' : 'bright-white',
          bold: true,
        };
  const line = skin.level === 0 ? null : toSgr({ fg: hex, basic }, skin.level);
  const sgr = toSgr(name, skin.level);
  return { ...skin, sgr: { ...skin.sgr, context: sgr, protected: sgr, ...(line === null ? {} : { rule: line, edge: line }) } };
}

function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

/** 0 black … 1 white, as eyes weigh the colours. */
function luminance(hex: string): number {
  const [red, green, blue] = channels(hex).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function nearestBasic(hex: string): BasicColour {
  const [red, green, blue] = channels(hex);
  const distance = (name: BasicColour) => {
    const [r, g, b] = channels(BASIC_HEX[name]);
    return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  };
  return BASIC_COLOURS.reduce((best, one) => (distance(one) < distance(best) ? one : best));
}
