/** Names of months, days and halves of the day in English, Java's locale `en`. */
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
export const HALVES = ['AM', 'PM'] as const;
export const ERAS = ['BC', 'AD'] as const;
/** Read, but never written. */
export const LONG_ERAS = ['Before Christ', 'Anno Domini'] as const;

export function shortName(name: string): string {
  return name.slice(0, 3);
}
