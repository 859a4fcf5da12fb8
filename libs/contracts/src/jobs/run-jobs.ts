import { IsIn, IsInt, IsUUID, Min } from 'class-validator';

/** A run was inserted. */
export class RunStart {
  @IsUUID() run_id: string;
}

/** An approval of the run got its answer. */
export class RunDecided {
  @IsUUID() run_id: string;
  @IsUUID() approval_id: string;
}

/** Somebody asked to pause, resume or cancel. */
export class RunCommanded {
  @IsUUID() run_id: string;
  @IsUUID() command_id: string;
}

/** A launch came to its end. */
export class RunExecuted {
  @IsUUID() run_id: string;
  @IsUUID() launch_id: string;
}

/** Go on from where the run stands. */
export class RunAdvance {
  @IsUUID() run_id: string;
  @IsInt() @Min(1) version: number;
}

/** The wait for an answer is over. */
export class ApprovalExpire {
  @IsUUID() run_id: string;
  @IsUUID() approval_id: string;
  /** Which end of the wait: it may have been extended. */
  @IsInt() @Min(0) extension: number;
}

/** A better wording of an approval's question is on record. */
export class ApprovalWorded {
  @IsUUID() run_id: string;
  @IsUUID() approval_id: string;
  @IsUUID() call_id: string;
}

const NOTED_FACTS = ['browser_asked', 'browser_decided', 'browser_expired', 'browser_cancelled', 'browser_completed'] as const;

/** Something beside the run's own course belongs into its history. */
export class ApprovalNoted {
  @IsUUID() run_id: string;
  @IsUUID() approval_id: string;
  @IsIn(NOTED_FACTS) fact: string;
}
