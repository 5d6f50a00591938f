/** The release of kafka-connect-jdbc whose output is followed where releases differ; what its plugins give as their version. */
export const JDBC_VERSION = '10.3.x';
