import type { RunCommand } from '@countersign/core';
import type { CommandEntity } from '../entities/command.entity';
import { instant } from './time.mapper';

export function toCommand(row: CommandEntity): RunCommand {
  return {
    commandId: row.command_id, runId: row.run_id, name: row.name, by: row.requested_by, reason: row.reason,
    requestedAt: instant(row.requested_at), outcome: row.outcome, detail: row.detail,
  };
}
