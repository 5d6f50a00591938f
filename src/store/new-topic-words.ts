/** A new topic from words: `orders partitions=6 replication=3 cleanup.policy=compact`. */
import type { NewTopic } from '../kafka/contract.ts';

const COUNTS: Readonly<Record<string, 'partitions' | 'replicationFactor'>> = {
  partitions: 'partitions',
  p: 'partitions',
  replication: 'replicationFactor',
  rf: 'replicationFactor',
};

/** A sentence when it cannot be understood. What is not named is the brokers' default; other words are settings. */
export function newTopicOf(words: readonly string[]): NewTopic | string {
  const [name, ...rest] = words;
  if (name === undefined || name.includes('=')) return 'which name? :create-topic NAME [partitions=6] [replication=3] [retention.ms=…]';
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(name) || name === '.' || name === '..')
    return `"${name}" cannot be the name of a topic: letters, digits, ".", "_" and "-" can, 249 at most`;
  const counts = { partitions: -1, replicationFactor: -1 };
  const configs: Record<string, string> = {};
  for (const word of rest) {
    const [key = '', value] = word.split(/=(.*)/s);
    const count = COUNTS[key];
    if (value === undefined || key === '')
      return `"${word}" is not understood here: partitions=6, replication=3 and settings such as retention.ms=3600000 are`;
    if (count === undefined) configs[key] = value;
    else if (/^[1-9]\d{0,5}$/.test(value)) counts[count] = Number(value);
    else return `${key}=${value} is no number of 1 or more`;
  }
  return { name, ...counts, configs };
}
