/** Why a file could not be opened, read or written, in words. */
import { errorCodeOf, messageOf } from '../../../../base/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBADF: 'it is not open',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would become larger than the limit for this process or file system',
  EIO: 'input/output error of the device',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links form a loop',
  EMFILE: 'this process has too many open files',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'this machine has too many open files',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is not a directory',
  ENXIO: 'nobody reads the other end of it',
  EPERM: 'operation not permitted',
  EPIPE: 'the reading end is closed',
  EROFS: 'the file system is read-only',
  ESTALE: 'the network file system gave its handle to something else',
};

/** `permission denied (EACCES)`. */
export function reasonOf(error: unknown): string {
  const code = errorCodeOf(error);
  return code !== null && REASONS[code] ? `${REASONS[code]} (${code})` : messageOf(error);
}
