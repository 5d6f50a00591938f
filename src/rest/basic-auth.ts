/**
 * Basic authorization: users from a file of lines `user=password`. Takes the place of Connect's `BasicAuthSecurityRestExtension`,
 * whose JAAS file (`KafkaConnect { …PropertyFileLoginModule required file="…"; };`) is read for the name of that file.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError, messageOf } from '../base/errors.ts';
import { readPropertiesFile } from '../spec/properties-file.ts';

/** True when an `Authorization` header names a known user with its password. */
export type Authenticator = (header: string | undefined) => boolean;

const EXTENSION = 'BasicAuthSecurityRestExtension';

/** `null`: nobody has to authenticate. Throws ConfigError for extensions we cannot honour: an API must not stand open by mistake. */
export function createAuthenticator(
  extensions: readonly string[],
  usersFile: string | null,
  kafkaOpts: string | undefined,
): Authenticator | null {
  const unknown = extensions.find((name) => name.split('.').at(-1) !== EXTENSION);
  if (unknown !== undefined)
    throw new ConfigError(
      `rest.extension.classes names ${unknown}, which kconsole does not have. Remove it; for passwords use ${EXTENSION} or kconsole.rest.basic.auth.file.`,
    );
  if (extensions.length === 0 && usersFile === null) return null;
  return authenticatorOf(usersFile ?? usersFileOfJaas(kafkaOpts));
}

function usersFileOfJaas(kafkaOpts: string | undefined): string {
  const path = /-Djava\.security\.auth\.login\.config=("[^"]*"|\S+)/.exec(kafkaOpts ?? '')?.[1]?.replaceAll('"', '');
  if (!path)
    throw new ConfigError(
      `rest.extension.classes names ${EXTENSION}, but neither kconsole.rest.basic.auth.file is set nor does KAFKA_OPTS name a login configuration (-Djava.security.auth.login.config=…).`,
    );
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`The login configuration ${path} (from KAFKA_OPTS) cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const entry = /\bKafkaConnect\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
  const file = /PropertyFileLoginModule\s+required\b[^;]*?\bfile\s*=\s*"([^"]+)"/s.exec(entry)?.[1];
  if (!file)
    throw new ConfigError(
      `${path} has no entry KafkaConnect with PropertyFileLoginModule required file="…"; other login modules are not supported.`,
    );
  return file;
}

function authenticatorOf(path: string): Authenticator {
  const users = new Map(Object.entries(readPropertiesFile(path)).map(([user, password]) => [user, digest(password)]));
  if (users.size === 0) throw new ConfigError(`${path} names no user. Write lines user=password.`);
  const nobody = digest('');
  return (header) => {
    const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
    const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
    const expected = users.get(user);
    // The same work for unknown users, so that time does not tell who exists.
    const isEqual = timingSafeEqual(digest(password), expected ?? nobody);
    return encoded !== undefined && expected !== undefined && isEqual;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
