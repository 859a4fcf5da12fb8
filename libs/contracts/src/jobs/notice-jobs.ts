import { IsInt, IsUUID, Min } from 'class-validator';

/** Tell people about a step event. */
export class NoticeTell {
  @IsUUID() run_id: string;
  @IsInt() @Min(1) seq: number;
}
