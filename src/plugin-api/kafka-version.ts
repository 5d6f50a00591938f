/** The release of Apache Kafka whose plugins and protocol are followed: what plugins that exist there give as their version. */
export const KAFKA_VERSION = '4.3.1';
