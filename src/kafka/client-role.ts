/** The three kinds of Kafka clients that have settings of their own. */
export type ClientRole = 'producer' | 'consumer' | 'admin';
