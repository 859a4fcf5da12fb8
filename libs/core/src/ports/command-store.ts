import type { Instant } from '../json';
import type { Bell, StoredBell } from './outbox';

/** What people may ask of a run. */
export type ControlName = 'pause' | 'resume' | 'cancel';
/** `report`: a browser agent tells what it did; the words are in `reason`. `forked`: another run begins here; its id is in `reason`. */
export type CommandName = ControlName | 'report' | 'forked';

/** What somebody asked of a run; the gateway writes it, the orchestrator acts on it and marks it. */
export interface RunCommand {
  commandId: string;
  runId: string;
  name: CommandName;
  by: string;
  reason: string;
  requestedAt: Instant;
  /** Null until the orchestrator has acted. */
  outcome: 'done' | 'refused' | null;
  detail: string | null;
}

export abstract class CommandStore {
  abstract request(command: RunCommand, bells: Bell[]): Promise<{ bells: StoredBell[] }>;
  /** Not yet acted on, oldest first. */
  abstract open(runId: string): Promise<RunCommand[]>;
  abstract find(commandId: string): Promise<RunCommand | null>;
  abstract refuse(commandId: string, detail: string): Promise<void>;
}
