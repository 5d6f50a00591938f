/** The order of test files: those that take longest first, so that none of them runs alone at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Measured; a file that is not named here is quicker than these, and a name that is no longer there does no harm. */
const SLOWEST: readonly string[] = [
  'unit/screens/frames',
  'unit/plugin-path/accept-packages',
  'unit/plugin-path/packaged-provider',
  'unit/plugins/connectors/file-stream/source/rotation',
  'unit/kafka/producer/producer',
  'unit/screens/hostile',
  'unit/rest/fuzz',
  'integration/runtime-crash',
  'integration/file-connectors-jvm',
  'integration/kafka-producer-faults',
  'integration/plugin-path',
  'integration/one-shot',
  'journeys/terminal',
  'integration/kafka-group',
  'integration/demo',
  'integration/readme',
  'integration/runtime-threads',
  'integration/herder-contract',
  'integration/kafka-fetcher',
  'integration/errors',
  'journeys/connectors',
  'integration/what-if',
  'integration/errors-broker',
  'journeys/views',
  'integration/package',
];

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = SLOWEST.findIndex((name) => moduleId.includes(`/${name}.test.`));
      return rank < 0 ? SLOWEST.length : rank;
    };
    return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b));
  }
}
