/** The room's front door: one link to a cluster and everything that is made on it. */
import type { Log } from '../base/log.ts';
import { createAdmin } from './admin.ts';
import { createClusterLink } from './cluster-link.ts';
import type { ClientOptions, Kafka } from './contract.ts';
import { createFetcher } from './fetcher.ts';
import { createGroupConsumer } from './group-consumer.ts';
import { createGroupMember } from './group-member.ts';
import { MetadataCache } from './metadata.ts';
import { createProducer } from './producer.ts';
import { createTopicLog } from './topic-log.ts';
import { createTransactionalProducer } from './transactional-producer.ts';

/**
 * Connects when something is asked for, not before. Defaults of producers and fetchers are those of `options`.
 * `close` ends what was made and not yet ended by its owner (producers drop what is not acknowledged), then the connections; it never rejects.
 */
export function createKafka(options: ClientOptions, log: Log): Kafka {
  const link = createClusterLink(options, log);
  const metadata = new MetadataCache(link);
  const open = new Set<() => Promise<void>>();

  /** Remembers how to end something; answers what its owner calls instead. */
  const track = <Args extends unknown[]>(
    end: (...args: Args) => Promise<void>,
    endAtOnce: () => Promise<void>,
  ): ((...args: Args) => Promise<void>) => {
    open.add(endAtOnce);
    return (...args) => {
      open.delete(endAtOnce);
      return end(...args);
    };
  };

  return {
    clientId: options.clientId,
    admin: () => createAdmin(link, metadata),
    producer: (changes) => {
      const producer = createProducer(link, metadata, { ...options.producer, ...changes });
      const close = producer.close.bind(producer);
      producer.close = track(close, () => close(0));
      return producer;
    },
    transactionalProducer: (transactionalId, changes) => {
      const producer = createTransactionalProducer(link, metadata, { ...options.producer, ...changes, transactionalId });
      const close = producer.close.bind(producer);
      producer.close = track(close, () => close(0));
      return producer;
    },
    fetcher: (changes) => {
      const fetcher = createFetcher(link, metadata, { ...options.fetcher, ...changes });
      const close = fetcher.close.bind(fetcher);
      fetcher.close = track(close, close);
      return fetcher;
    },
    groupMember: (memberOptions) => {
      const member = createGroupMember(link, memberOptions);
      const leave = member.leave.bind(member);
      member.leave = track(leave, leave);
      return member;
    },
    groupConsumer: (consumerOptions) => {
      const consumer = createGroupConsumer(link, metadata, consumerOptions);
      const close = consumer.close.bind(consumer);
      consumer.close = track(close, close);
      return consumer;
    },
    topicLog: (logOptions) => {
      const topicLog = createTopicLog(link, metadata, logOptions);
      const stop = topicLog.stop.bind(topicLog);
      topicLog.stop = track(stop, stop);
      return topicLog;
    },
    close: async () => {
      const results = await Promise.allSettled([...open].map((end) => end()));
      open.clear();
      for (const result of results)
        if (result.status === 'rejected') log.debug('Something of the Kafka client did not end well', result.reason);
      await link.close();
    },
  };
}
