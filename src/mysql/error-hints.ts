/** What to do about an error of the database or of the way to it, in one sentence. */

/** By the server's number. */
const BY_NUMBER: ReadonlyMap<number, string> = new Map([
  [1040, "The server's max_connections are in use: lower tasks.max, or raise max_connections."],
  [1044, 'Grant the user of connection.user rights on this database.'],
  [1045, 'Check connection.user and connection.password, and from which host this user may come.'],
  [1049, 'Check the name of the database at the end of connection.url.'],
  [1054, 'Check the names of the columns in the configuration against the table.'],
  [1048, 'The column takes no NULL: send a value, or let the column be NULL.'],
  [1062, 'A row with this key is there already: insert.mode=upsert replaces it.'],
  [1064, 'Check the statement: in query mode the text of "query" must allow a WHERE to be put behind it.'],
  [1130, 'The server does not let this host in: grant the user access from here.'],
  [1142, 'Grant the user of connection.user this right on the table.'],
  [1143, 'Grant the user of connection.user this right on the column.'],
  [1146, 'Check the name of the table, and that the user may see it.'],
  [1153, "The statement is larger than the server's max_allowed_packet: raise it, or lower batch.size."],
  [1170, 'A key on a TEXT column needs a length: create the table yourself with VARCHAR for the key.'],
  [1205, 'Another transaction holds the rows: look for long transactions in information_schema.innodb_trx.'],
  [1227, 'Grant the user of connection.user the right that is named.'],
  [1264, 'The value does not fit: make the column wider.'],
  [1290, 'The server is read-only: point connection.url at the one that takes writes.'],
  [1364, 'The table wants a value that the records lack: give the column a default.'],
  [1366, 'The value does not fit the type or character set of the column: use utf8mb4.'],
  [1406, 'The value is too long: make the column longer.'],
  [1452, 'The row that it refers to is not there.'],
  [1698, 'The user signs in by the socket only: give it a password, or use another user.'],
  [3159, 'The server takes connections over TLS only: put sslMode=REQUIRED or stricter into connection.url.'],
]);

/** By Node's or the driver's name of what went wrong. */
const BY_CODE: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'Nobody listens there: check host and port of connection.url, and that the database runs.'],
  ['ENOTFOUND', 'The name of the host is not known: check connection.url.'],
  ['EAI_AGAIN', 'The name of the host cannot be looked up now: check connection.url and the name service.'],
  ['ETIMEDOUT', 'No answer in time: check host and port of connection.url, and firewalls in between.'],
  ['EHOSTUNREACH', 'There is no way to this host: check connection.url and the network.'],
  ['ECONNRESET', 'The server or something in between has hung up.'],
  ['PROTOCOL_CONNECTION_LOST', 'The server has hung up: look into its log.'],
  ['HANDSHAKE_NO_SSL_SUPPORT', 'The server speaks no TLS: switch it on there, or put sslMode=DISABLED into connection.url.'],
  [
    'HANDSHAKE_SSL_ERROR',
    "Check the server's certificate: trustCertificateKeyStoreUrl in connection.url names the authority, sslMode=REQUIRED trusts any.",
  ],
]);

export function hintFor(errno: number, code: string | null): string | null {
  return BY_NUMBER.get(errno) ?? (code === null ? null : (BY_CODE.get(code) ?? null));
}
