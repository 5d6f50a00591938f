/** The two headers by which workers of a group sign their requests to each other. */
import type { IncomingHttpHeaders } from 'node:http';
import { RestError } from '../base/errors.ts';
import type { RequestSignature, SessionKey } from '../herder/distributed/forwarder.ts';
import { signBody } from '../herder/distributed/request-signature.ts';

const SIGNATURE = 'X-Connect-Authorization';
const ALGORITHM = 'X-Connect-Request-Signature-Algorithm';

/** Of a request with this body. No key (the group does not sign): no headers. */
export function signatureHeaders(key: SessionKey | null, algorithm: string, body: Buffer): Readonly<Record<string, string>> {
  return key === null ? {} : { [SIGNATURE]: signBody(key, algorithm, body).toString('base64'), [ALGORITHM]: algorithm };
}

/** `null`: it is not signed. Throws RestError 400 for a signature that is no base64. */
export function readSignature(headers: IncomingHttpHeaders, body: Buffer): RequestSignature | null {
  const signature = headers[SIGNATURE.toLowerCase()];
  const algorithm = headers[ALGORITHM.toLowerCase()];
  if (typeof signature !== 'string' || typeof algorithm !== 'string') return null;
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(signature))
    throw new RestError(400, `The header ${SIGNATURE} is not base64.`);
  return { algorithm, signature: Buffer.from(signature, 'base64'), body };
}
