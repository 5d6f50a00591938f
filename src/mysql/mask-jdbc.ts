/** Passwords in JDBC addresses replaced: every log line and error about a database passes here. */
import { HIDDEN, maskText } from '../base/mask.ts';

const SECRET_PARAMETER = /([?&;,(]\s*[\w.]*(?:password|passwd|pwd|secret|token)\w*\s*=)([^&;,)\s"']*)/gi;
/** `user:password@` in front of a host or of a list of hosts; a password may hold anything but blanks and slashes. */
const CREDENTIALS = /(\/\/[^\s:/@]*:)[^\s/]*@/g;
const IN_LIST = /([,[]\s*[^\s:/@,[\]]+:)[^\s/@,\]]+@/g;

/**
 * Any text. The styles: `jdbc:mysql://host/db?user=u&password=p`, `jdbc:mysql://u:p@host/db` (also before `[host1,host2]`), and
 * `(host=h,port=1,user=u,password=p)` or `address=(host=h)(password=p)`.
 */
export function maskJdbcText(text: string): string {
  const masked = text
    .replace(CREDENTIALS, `$1${HIDDEN}@`)
    .replace(IN_LIST, `$1${HIDDEN}@`)
    .replace(SECRET_PARAMETER, (whole, name: string, secret: string) => (secret.startsWith('${') ? whole : `${name}${HIDDEN}`));
  return maskText(masked);
}
