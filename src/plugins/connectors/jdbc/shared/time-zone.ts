/** Names of time zones as Java takes them, as names that Intl knows. Source: java.time.ZoneId.of, ZoneId.SHORT_IDS. */
import type { Validator } from '../../../../spec/config-def.ts';
import { invalidValue } from '../../../../spec/parse.ts';

/** Three letters of old, which Java still reads in its own way: `CST` is Chicago, `IST` Kolkata. */
const SHORT_IDS: Readonly<Record<string, string>> = {
  ACT: 'Australia/Darwin',
  AET: 'Australia/Sydney',
  AGT: 'America/Argentina/Buenos_Aires',
  ART: 'Africa/Cairo',
  AST: 'America/Anchorage',
  BET: 'America/Sao_Paulo',
  BST: 'Asia/Dhaka',
  CAT: 'Africa/Harare',
  CNT: 'America/St_Johns',
  CST: 'America/Chicago',
  CTT: 'Asia/Shanghai',
  EAT: 'Africa/Addis_Ababa',
  ECT: 'Europe/Paris',
  EST: '-05:00',
  HST: '-10:00',
  IET: 'America/Indiana/Indianapolis',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  MIT: 'Pacific/Apia',
  MST: '-07:00',
  NET: 'Asia/Yerevan',
  NST: 'Pacific/Auckland',
  PLT: 'Asia/Karachi',
  PNT: 'America/Phoenix',
  PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles',
  SST: 'Pacific/Guadalcanal',
  VST: 'Asia/Ho_Chi_Minh',
};

/** `Z`, `+9`, `+09`, `+0900`, `+09:00`, each also behind UTC, GMT or UT; seconds are for nobody's database. */
const OFFSET = /^(?:(?:UTC|GMT|UT)(?=[+-]))?([+-])(\d{1,2})(?::?([0-5]\d))?$/;
const MOST_HOURS = 18;

/** The zone as Intl names it (an IANA name or `±hh:mm`), or null when Java has no such zone. */
export function intlZoneOf(name: string): string | null {
  if (name === 'Z' || name === 'UTC' || name === 'GMT' || name === 'UT') return 'UTC';
  if (Object.hasOwn(SHORT_IDS, name)) return SHORT_IDS[name] ?? null;
  const offset = OFFSET.exec(name);
  if (offset) return offsetZone(offset[1] ?? '+', Number(offset[2]), offset[3] ?? '00');
  return isKnown(name) ? name : null;
}

function offsetZone(sign: string, hours: number, minutes: string): string | null {
  if (hours > MOST_HOURS || (hours === MOST_HOURS && minutes !== '00')) return null;
  return `${sign}${String(hours).padStart(2, '0')}:${minutes}`;
}

/** Intl takes any case, Java does not: a name that is not written as Intl would write it is compared letter by letter. */
function isKnown(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9~/._+-]+$/.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/** Null passes. */
export function timeZone(): Validator {
  return (name, value) => {
    if (value === null || intlZoneOf(String(value)) !== null) return;
    throw invalidValue(name, value, 'Invalid time zone. Write an IANA name such as Asia/Seoul or UTC, or an offset such as +09:00.');
  };
}
