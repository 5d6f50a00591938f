/** Where a console looks, in a form that may be shown and pasted: without passwords. */

export interface Addresses {
  /** Connect's REST API, the preferred one first; empty: none. */
  readonly connect: readonly string[];
  /** Who logs in there; the password is asked for where it is needed. */
  readonly user: string | null;
  readonly bootstrap: string | null;
  /** File with client properties for Kafka. */
  readonly commandConfig: string | null;
}

export const NO_ADDRESSES: Addresses = { connect: [], user: null, bootstrap: null, commandConfig: null };

/** Addresses as given on the command line, separated by commas. */
export function urlsIn(text: string): string[] {
  return text
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
}

/** The same text without users and passwords. */
export function withoutLogins(urls: string): string {
  return urls.replaceAll(/(^|[,\s]|\/\/)[^/@,\s]*@/g, '$1');
}

export function connectAddresses(urls: string): Pick<Addresses, 'connect' | 'user'> {
  let user: string | null = null;
  const connect = urlsIn(urls).flatMap((text) => {
    try {
      const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
      user ??= url.username === '' ? null : decodeURIComponent(url.username);
      return [`${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`];
    } catch {
      return [];
    }
  });
  return { connect, user };
}

/** `127.0.0.1:8083` of `http://127.0.0.1:8083/`. */
export function hostOf(url: string): string {
  return /^[a-z]+:\/\/([^/]+)/i.exec(url)?.[1] ?? url;
}
