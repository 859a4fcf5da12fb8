import { CommandStore, type Bell, type RunCommand, type StoredBell } from '@countersign/core';
import type { Pool } from 'pg';
import type { CommandEntity } from '../entities/command.entity';
import { toCommand } from '../mappers/command.mapper';
import { BELL_COLUMNS, bellsJson, storedBells } from './bells';

export class PostgresCommandStore extends CommandStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  async request(command: RunCommand, bells: Bell[]): Promise<{ bells: StoredBell[] }> {
    const { rows } = await this.pool.query<{ bell_ids: string[] }>(
      `WITH asked AS (
         INSERT INTO hitl_commands (command_id, run_id, name, requested_by, reason, requested_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING command_id
       ), rung AS (
         INSERT INTO outbox (job, data, not_before)
         SELECT b.job, b.data, b.not_before FROM json_to_recordset($7::json) AS b(${BELL_COLUMNS}), asked ORDER BY b.n RETURNING id
       )
       SELECT ARRAY(SELECT id FROM rung ORDER BY id)::text[] AS bell_ids FROM asked`,
      [command.commandId, command.runId, command.name, command.by, command.reason, command.requestedAt, bellsJson(bells)],
    );
    return { bells: storedBells(bells, rows[0]?.bell_ids ?? []) };
  }

  async open(runId: string): Promise<RunCommand[]> {
    const { rows } = await this.pool.query<CommandEntity>({
      name: 'commands-open',
      text: 'SELECT * FROM hitl_commands WHERE run_id = $1 AND outcome IS NULL ORDER BY requested_at, command_id',
      values: [runId],
    });
    return rows.map(toCommand);
  }

  async find(commandId: string): Promise<RunCommand | null> {
    const { rows } = await this.pool.query<CommandEntity>('SELECT * FROM hitl_commands WHERE command_id = $1', [commandId]);
    return rows[0] ? toCommand(rows[0]) : null;
  }

  async refuse(commandId: string, detail: string): Promise<void> {
    await this.pool.query(`UPDATE hitl_commands SET outcome = 'refused', detail = $2 WHERE command_id = $1 AND outcome IS NULL`, [commandId, detail]);
  }
}
