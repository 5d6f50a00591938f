/** The one list of rules. */
import { BROKER_RULES } from './broker-rules.ts';
import { CONNECTOR_RULES } from './connector-rules.ts';
import { LAG_RULES } from './lag-rules.ts';
import { LETTER_RULES } from './letter-rules.ts';
import { REACH_RULES } from './reach-rules.ts';
import { RETENTION_RULES } from './retention-rules.ts';
import type { Rule } from './rule.ts';
import { TOPIC_RULES } from './topic-rules.ts';

export const RULES: readonly Rule[] = [
  ...REACH_RULES,
  ...CONNECTOR_RULES,
  ...RETENTION_RULES,
  ...LETTER_RULES,
  ...LAG_RULES,
  ...BROKER_RULES,
  ...TOPIC_RULES,
];
