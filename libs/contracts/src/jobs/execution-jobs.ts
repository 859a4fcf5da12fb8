import { IsInt, IsOptional, IsString, IsUUID, MaxLength, Min } from 'class-validator';

/** Launch what was approved, once. */
export class ExecutionLaunch {
  @IsUUID() run_id: string;
  @IsInt() @Min(1) attempt: number;
  /** Version of the run that asked: a resume asks again for the same attempt. */
  @IsInt() @Min(1) version: number;
}

/** Look at a launch: follow its job, or find the job of a lost answer. */
export class ExecutionFollow {
  @IsUUID() launch_id: string;
  @IsInt() @Min(0) check: number;
}

/** Stop the provider's job where it can be stopped. */
export class ExecutionStop {
  @IsUUID() run_id: string;
  @IsInt() @Min(1) attempt: number;
}

/** Say an approval's question better, where a language model can; nobody waits for it. */
export class ApprovalWord {
  @IsUUID() run_id: string;
  @IsUUID() approval_id: string;
}

/** Put a question that is on record to the language model. */
export class ModelAsk {
  @IsUUID() call_id: string;
}

/** Longest names taken: `owner/name` and a 64-character version fit many times. */
const NAME_MAX = 300;

/** Fetch a model's input form. */
export class FormResolve {
  @IsString() @MaxLength(NAME_MAX) provider: string;
  @IsString() @MaxLength(NAME_MAX) model: string;
  @IsOptional() @IsString() @MaxLength(NAME_MAX) version: string | null;
  /** Run that waits for it, if one does. */
  @IsOptional() @IsUUID() run_id: string | null;
  /** Tells one request from the next: a form may be asked for again. */
  @IsInt() @Min(0) asked_at_ms: number;
}
