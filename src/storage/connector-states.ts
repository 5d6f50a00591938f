/** Words for what is wanted of a connector and what is so. Source: TargetState, AbstractStatus.State. */
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED';
export type ConnectorState = 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED' | 'RESTARTING';

export interface ConnectorTaskId {
  readonly connector: string;
  readonly task: number;
}
