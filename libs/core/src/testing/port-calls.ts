/* Every call that a port makes to the world, for tests that die at each of them. A call that is missing here does not compile. */
import { ApprovalStore } from '../ports/approval-store';
import { ArtifactFiles } from '../ports/artifact-files';
import { ArtifactStore } from '../ports/artifact-store';
import { BudgetStore } from '../ports/budget-store';
import { CommandStore } from '../ports/command-store';
import { FormStore } from '../ports/form-store';
import { LaunchStore } from '../ports/launch-store';
import { LiveState } from '../ports/live-state';
import { Outbox } from '../ports/outbox';
import { ParameterMemory } from '../ports/parameter-memory';
import { RunStore } from '../ports/run-store';

/** All members of `T`, each once, as the keys of an object. */
type Calls<T> = Record<keyof T, true>;
type Token = abstract new (...args: never[]) => object;

const APPROVALS: Calls<ApprovalStore> = {
  find: true, ofRun: true, record: true, expire: true, extend: true, open: true, cancel: true, claim: true, release: true,
};
const FILES: Calls<ArtifactFiles> = { put: true, open: true, has: true, remove: true };
const ARTIFACTS: Calls<ArtifactStore> = { save: true, find: true };
const BUDGETS: Calls<BudgetStore> = { caps: true, setCap: true, removeCap: true, spending: true, facts: true, observedTime: true };
const COMMANDS: Calls<CommandStore> = { request: true, open: true, find: true, refuse: true };
const FORMS: Calls<FormStore> = { find: true, save: true };
const LAUNCHES: Calls<LaunchStore> = {
  begin: true, find: true, ofAttempt: true, ofRun: true, change: true, noteProgress: true, scheduleCheck: true, noteCallback: true, claimedJobIds: true,
  refuse: true,
};
const LIVE: Calls<LiveState> = { moved: true, put: true, get: true, signal: true, watch: true };
const OUTBOX: Calls<Outbox> = { unrung: true, markRung: true };
const MEMORY: Calls<ParameterMemory> = { of: true, list: true, find: true, rule: true, forget: true, forgetAll: true };
const RUNS: Calls<RunStore> = { insert: true, find: true, onRecord: true, commit: true, withHistory: true, events: true };

export const PORT_CALLS: readonly { token: Token; calls: readonly string[] }[] = [
  [ApprovalStore, APPROVALS], [ArtifactFiles, FILES], [ArtifactStore, ARTIFACTS], [BudgetStore, BUDGETS], [CommandStore, COMMANDS], [FormStore, FORMS],
  [LaunchStore, LAUNCHES], [LiveState, LIVE], [Outbox, OUTBOX], [ParameterMemory, MEMORY], [RunStore, RUNS],
].map(([token, calls]) => ({ token: token as Token, calls: Object.keys(calls as object) }));

/** What an app has of them; `get` throws for what it does not have. */
export function portDoors(get: (token: Token) => object): { name: string; port: object; calls: readonly string[] }[] {
  return PORT_CALLS.flatMap(({ token, calls }) => {
    try {
      return [{ name: token.name, port: get(token), calls }];
    } catch {
      return [];
    }
  });
}
