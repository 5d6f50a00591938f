/** The order of test files: those that take longest first, so that none of them runs alone at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Measured, by the beginnings of their names; a file that is not named here is quicker than these, and a name that is no longer there does no harm. */
const SLOWEST: readonly string[] = [
  'unit/screens/frames',
  'unit/plugin-path/accept-packages',
  'unit/plugin-path/packaged-provider',
  'unit/plugins/connectors/file-stream/source/rotation',
  'unit/kafka/producer/producer',
  'unit/screens/hostile',
  'unit/rest/fuzz',
  'integration/drain',
  'integration/runtime-crash',
  'integration/distributed',
  'integration/file-connectors-jvm',
  'integration/kafka-group',
  'journeys/terminal',
  'integration/one-shot',
  'integration/runtime-threads',
  'integration/exactly-once-kills',
  'integration/kafka-producer-faults',
  'integration/readme',
  'integration/kafka-fetcher',
  'integration/demo',
  'integration/plugin-path',
  'journeys/connectors',
  'integration/herder-contract',
  'integration/errors',
  'integration/jdbc-s',
  'integration/kafka-security',
  'integration/kafka-producer',
  'journeys/tail',
  'integration/what-if',
  'integration/dead-letters',
  'journeys/acting',
  'journeys/offsets',
  'integration/rest-sockets',
  'journeys/views',
  'journeys/incidents',
  'integration/exactly-once',
  'journeys/configs',
  'integration/package',
];

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = SLOWEST.findIndex((name) => moduleId.includes(`/${name}`));
      return rank < 0 ? SLOWEST.length : rank;
    };
    return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b));
  }
}
