/** A transform that only some records get; without a predicate the transform stands alone and nothing is asked. Source: TransformationStage. */
import type { Predicate, Transformation } from '../plugin-api/plugin.ts';

/** `isNegated`: for the records for which the predicate does not hold. The others go through as they are. */
export function conditional(transformation: Transformation, predicate: Predicate, isNegated: boolean): Transformation {
  return {
    apply: (record) => (predicate.test(record) === isNegated ? record : transformation.apply(record)),
    close: () => {
      try {
        transformation.close?.();
      } finally {
        predicate.close?.();
      }
    },
  };
}
