/** Java and Apache Kafka's jars for local brokers: found, or fetched once by Maven and kept in the XDG cache. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ConnectError } from '../base/errors.ts';
import { cacheFolder } from '../base/user-folders.ts';
import { KAFKA_VERSION } from '../plugin-api/kafka-version.ts';
import { type Ended, runToEnd } from './child.ts';

const run = promisify(execFile);

const JAVA_MAJOR = 17;
const ARTIFACTS = [
  'org.apache.kafka:kafka_2.13',
  'org.apache.kafka:kafka-tools',
  'org.apache.kafka:connect-runtime',
  'org.apache.kafka:connect-file',
  'org.apache.kafka:connect-mirror',
  'org.apache.kafka:connect-transforms',
];

/** Path of a usable `java`. Throws ConnectError with the way out when there is none. */
export async function findJava(): Promise<string> {
  const java = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const wayOut = `Install Java ${JAVA_MAJOR} or newer (Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME.`;
  let text: string;
  try {
    text = (await run(java, ['-version'])).stderr;
  } catch (error) {
    throw new ConnectError(`Local brokers need Java, and "${java}" cannot be run. ${wayOut}`, { cause: error });
  }
  const major = Number(/version "(?:1\.)?(\d+)/.exec(text)?.[1] ?? 0);
  if (major < JAVA_MAJOR)
    throw new ConnectError(`Kafka ${KAFKA_VERSION} needs Java ${JAVA_MAJOR}, and "${java}" is version ${major}. ${wayOut}`);
  return java;
}

/**
 * Folder with Apache Kafka's jars, and in words where they are from: `$KAFKA_HOME/libs`, else the cache, else Maven fills the cache
 * (about 55 MB, once).
 * Throws ConnectError with the way out, or the signal's reason.
 */
export async function kafkaJars(signal?: AbortSignal): Promise<{ folder: string; from: string }> {
  const home = process.env.KAFKA_HOME;
  if (home) {
    const libs = path.join(home, 'libs');
    if (!existsSync(libs) || !readdirSync(libs).some((name) => /^kafka_2\.\d+-.*\.jar$/.test(name))) {
      throw new ConnectError(
        `KAFKA_HOME is "${home}", but there are no Kafka jars in its folder libs. Point it at an unpacked Kafka distribution, or unset it.`,
      );
    }
    return { folder: libs, from: 'of KAFKA_HOME' };
  }
  const folder = path.join(cacheFolder(), `kafka-${KAFKA_VERSION}`);
  if (existsSync(folder)) return { folder, from: `${KAFKA_VERSION}, at hand` };
  await fetchJars(folder, signal);
  return { folder, from: `${KAFKA_VERSION}, fetched once with Maven` };
}

/** Maven copies into a neighbour, which is renamed when whole: a broken-off download is never taken for the jars. */
async function fetchJars(folder: string, signal: AbortSignal | undefined): Promise<void> {
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const pom = path.join(partial, 'pom.xml');
  const dependency = (coordinates: string, version: string) => {
    const [group, artifact] = coordinates.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  };
  writeFileSync(
    pom,
    `<project><modelVersion>4.0.0</modelVersion><groupId>kconsole</groupId><artifactId>kafka</artifactId><version>1</version><dependencies>${ARTIFACTS.map((a) => dependency(a, KAFKA_VERSION)).join('')}${dependency('org.apache.logging.log4j:log4j-slf4j-impl', '2.25.4')}</dependencies></project>`,
  );
  const libs = path.join(partial, 'libs');
  const args = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${libs}`, '-DincludeScope=runtime'];
  try {
    const { code, said } = await runMaven(args, signal);
    signal?.throwIfAborted();
    if (code !== 0) {
      throw new ConnectError(
        `Maven could not fetch Kafka ${KAFKA_VERSION} (exit code ${code}). Check the network, or set KAFKA_HOME to an unpacked Kafka distribution.\n${said}`,
      );
    }
    renameSync(libs, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function runMaven(args: readonly string[], signal: AbortSignal | undefined): Promise<Ended> {
  try {
    return await runToEnd('mvn', args, signal);
  } catch (error) {
    throw new ConnectError(
      'Kafka is fetched with Maven, and "mvn" cannot be run. Install Maven (Debian: apt-get install maven), or set KAFKA_HOME to an unpacked Kafka distribution.',
      { cause: error },
    );
  }
}
