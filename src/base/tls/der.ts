/** A strict reader of DER (ITU-T X.690), as far as PKCS#12 files need it. Definite lengths only; nothing is copied. */
import { ConfigError } from '../errors.ts';

export interface DerNode {
  /** Identifier octet: 0x30 SEQUENCE, 0x04 OCTET STRING, 0xa0 [0] … */
  readonly tag: number;
  /** Content octets. */
  readonly content: Buffer;
}

export const TAG = { integer: 0x02, octetString: 0x04, oid: 0x06, sequence: 0x30, context0: 0xa0 } as const;

export function malformed(problem: string): ConfigError {
  return new ConfigError(`it is malformed: ${problem}`);
}

/** The element that fills `bytes` from `offset`; `end` is the offset behind it. */
function readNode(bytes: Buffer, offset: number): { node: DerNode; end: number } {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) throw malformed('an element is cut off.');
  if ((tag & 0x1f) === 0x1f) throw malformed('a tag has more than one byte.');
  let length = first;
  let start = offset + 2;
  if (first === 0x80)
    throw malformed('it has a BER length (indefinite), only DER is read. Convert it with openssl pkcs12 or keytool -importkeystore.');
  if (first > 0x80) {
    const size = first & 0x7f;
    if (size > 4 || start + size > bytes.length) throw malformed('a length is too long.');
    length = bytes.readUIntBE(start, size);
    start += size;
  }
  const end = start + length;
  if (end > bytes.length) throw malformed('an element is longer than what holds it.');
  return { node: { tag, content: bytes.subarray(start, end) }, end };
}

/** One element and nothing behind it. */
export function readDer(bytes: Buffer): DerNode {
  const { node, end } = readNode(bytes, 0);
  if (end !== bytes.length) throw malformed('there are bytes behind its end.');
  return node;
}

/** The elements inside a constructed one. */
export function childrenOf(node: DerNode | undefined, tag: number = TAG.sequence): DerNode[] {
  const content = expectTag(node, tag);
  const children: DerNode[] = [];
  for (let offset = 0; offset < content.length; ) {
    const { node: child, end } = readNode(content, offset);
    children.push(child);
    offset = end;
  }
  return children;
}

/** Content of an element that must have this tag. */
export function expectTag(node: DerNode | undefined, tag: number): Buffer {
  if (node?.tag !== tag) throw malformed(`tag 0x${tag.toString(16)} expected, found ${node ? `0x${node.tag.toString(16)}` : 'nothing'}.`);
  return node.content;
}

export function readOctets(node: DerNode | undefined): Buffer {
  return expectTag(node, TAG.octetString);
}

/** A small non-negative integer. */
export function readInteger(node: DerNode | undefined): number {
  const content = expectTag(node, TAG.integer);
  if (content.length === 0 || content.length > 5 || (content[0] ?? 0) >= 0x80) throw malformed('a number is out of range.');
  return content.readUIntBE(0, content.length);
}

/** Dotted text of an object identifier. */
export function readOid(node: DerNode | undefined): string {
  const content = expectTag(node, TAG.oid);
  if (content.length === 0 || content.length > 64 || (content.at(-1) ?? 0) >= 0x80)
    throw malformed('an object identifier is out of range.');
  const parts: bigint[] = [];
  let value = 0n;
  for (const byte of content) {
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    parts.push(value);
    value = 0n;
  }
  const head = parts[0] ?? 0n;
  const top = head < 80n ? head / 40n : 2n;
  return [top, head - top * 40n, ...parts.slice(1)].join('.');
}
