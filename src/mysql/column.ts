/** What the server says about a column of a result: MySQL's protocol, "Column Definition". */

/** Type numbers of the wire. TEXT and BLOB share BLOB, ENUM and SET come as STRING with a flag; MariaDB's UUID and INET6 come as STRING. */
export const COLUMN_TYPE = {
  decimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  timestamp: 7,
  longlong: 8,
  int24: 9,
  date: 10,
  time: 11,
  datetime: 12,
  year: 13,
  varchar: 15,
  bit: 16,
  vector: 242,
  json: 245,
  newdecimal: 246,
  enum: 247,
  set: 248,
  tinyBlob: 249,
  mediumBlob: 250,
  longBlob: 251,
  blob: 252,
  varString: 253,
  string: 254,
  geometry: 255,
} as const;

export const COLUMN_FLAG = {
  notNull: 1,
  primaryKey: 2,
  uniqueKey: 4,
  unsigned: 32,
  zerofill: 64,
  binary: 128,
  enum: 256,
  autoIncrement: 512,
  set: 2048,
  onUpdateNow: 8192,
} as const;

/** `charset` of what is bytes and no text. */
export const BINARY_CHARSET = 63;
/** `decimals` of FLOAT and DOUBLE without a fixed number of digits. */
export const UNSPECIFIED_DECIMALS = 31;

export interface Column {
  /** The label: the alias, where there is one. */
  readonly name: string;
  /** The column's own name; `""` for expressions. */
  readonly ownName: string;
  /** `""` for expressions, like the two below. */
  readonly database: string;
  readonly table: string;
  readonly ownTable: string;
  /** One of COLUMN_TYPE, or a number that is new to us. */
  readonly type: number;
  /** Bits of COLUMN_FLAG. */
  readonly flags: number;
  /** Collation number of the text on its way here (texts come as utf8mb4), or BINARY_CHARSET. */
  readonly charset: number;
  /** Greatest width: of text in bytes, of numbers in characters, of BIT in bits. */
  readonly length: number;
  /** Digits after the point of DECIMAL; of fractions of a second of TIME, DATETIME and TIMESTAMP; UNSPECIFIED_DECIMALS. */
  readonly decimals: number;
  /** MariaDB's own type behind a type of the wire (`uuid`, `inet4`, `inet6`, `point`); `null`: none. */
  readonly extendedType: string | null;
  /** MariaDB's JSON is LONGTEXT with this mark. */
  readonly isJson: boolean;
}

export function hasFlag(column: Column, flag: keyof typeof COLUMN_FLAG): boolean {
  return (column.flags & COLUMN_FLAG[flag]) !== 0;
}

/** Bytes and no text: BINARY, VARBINARY, BLOB, BIT, GEOMETRY. Says nothing for numbers and dates, whose charset is the binary one too. */
export function isBinary(column: Column): boolean {
  if (column.type === COLUMN_TYPE.bit || column.type === COLUMN_TYPE.geometry || column.type === COLUMN_TYPE.vector) return true;
  return column.charset === BINARY_CHARSET && column.type !== COLUMN_TYPE.json && !column.isJson;
}
