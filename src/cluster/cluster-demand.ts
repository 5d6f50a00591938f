/** What of the cluster is asked for, beside what always is. */
import { type DetailsDemand, NO_DETAILS } from './cluster-details.ts';

/** What the visible pane needs beyond the usual. */
export interface ClusterDemand {
  readonly hasGroups: boolean;
  readonly group: string | null;
  readonly hasTopicRates: boolean;
  readonly hasDisks: boolean;
  readonly boundsOf: string | null;
  /** Retention and safety of all topics. */
  readonly hasRules: boolean;
  /** Quorum and disks are watched: asked as often as the metadata. */
  readonly isSlowSoon: boolean;
  readonly details: DetailsDemand;
}

export const NO_DEMAND: ClusterDemand = {
  hasGroups: false,
  group: null,
  hasTopicRates: false,
  hasDisks: false,
  boundsOf: null,
  hasRules: false,
  isSlowSoon: false,
  details: NO_DETAILS,
};
