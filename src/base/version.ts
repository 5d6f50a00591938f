/** This program's own version (the one of package.json). */
export const kconsoleVersion = '0.1.0';
/** The release of Apache Kafka Connect whose interfaces are followed; what `GET /` and plugins report. */
export const connectVersion = '4.3.1';
/** Commit of that release. */
export const connectCommit = '26b251a451ce941d';
