/*
 * What this is: what a reviewer did at a payload card, remembered by the statement that commits the run's move.
 * Invariants: committed with the consequence of the decision or not at all (4), and once for each approval; bounded for each
 * user and model. A person's ruling is never touched here: it is the gateway's to write.
 */
import { MAX_MEMORIES, MAX_OBSERVATIONS, sameValue, type Observation } from '@countersign/core';
import { storableJson } from '../mappers/storable';

interface Part {
  name: string;
  sql: (add: (value: unknown) => string) => string;
  isNeeded: boolean;
}

const OWNER = ['tenant_id', 'user_id', 'provider', 'model'] as const;
const sameOwner = (a: string, b: string): string => OWNER.map((column) => `${a}.${column} = ${b}.${column}`).join(' AND ');

/** Parts of the commit statement; they hang on `moved`. */
export function observeParts(observation: Observation | undefined): Part[] {
  if (!observation) return [];
  const row = toObservationRow(observation);
  const changes = observation.fields.filter(({ before, after }) => !sameValue(before, after)).sort((a, b) => (a.field < b.field ? -1 : 1));
  const columns = Object.keys(row);
  return [
    { name: 'observed', isNeeded: true, sql: (add) => `
        INSERT INTO hitl_observations (${columns.join(', ')}) SELECT ${columns.map((column) => `o.${column}`).join(', ')}
        FROM json_populate_record(NULL::hitl_observations, ${add(storableJson(row))}::json) o, moved
        ON CONFLICT (approval_id) DO NOTHING RETURNING *` },
    // The statement does not see its own insert, so one less is kept of what was there.
    { name: 'outgrown', isNeeded: true, sql: () => `
        DELETE FROM hitl_observations WHERE approval_id IN (
          SELECT o.approval_id FROM hitl_observations o, observed WHERE ${sameOwner('o', 'observed')}
          ORDER BY o.decided_at DESC, o.approval_id DESC OFFSET ${MAX_OBSERVATIONS - 1})` },
    // A UUIDv7 that sorts by time: the approval's begins it, a hash of the change ends it.
    { name: 'remembered', isNeeded: changes.length > 0, sql: (add) => `
        INSERT INTO hitl_parameter_memory (memory_id, ${OWNER.join(', ')}, model_version, field, before, after, first_seen_at, last_seen_at)
        SELECT (left(observed.approval_id::text, 19) || '8' || left(md5(observed.approval_id || c::text), 3) || '-' || right(md5(observed.approval_id || c::text), 12))::uuid,
          ${OWNER.map((column) => `observed.${column}`).join(', ')}, observed.model_version, c ->> 'field', c -> 'before', c -> 'after', observed.decided_at, observed.decided_at
        FROM jsonb_array_elements(${add(storableJson(changes))}::jsonb) c, observed ORDER BY c ->> 'field'
        ON CONFLICT (${OWNER.join(', ')}, model_version, field, before, after) DO UPDATE SET last_seen_at = excluded.last_seen_at` },
    { name: 'faded', isNeeded: changes.length > 0, sql: (add) => `
        DELETE FROM hitl_parameter_memory WHERE memory_id IN (
          SELECT m.memory_id FROM hitl_parameter_memory m, observed
          WHERE ${sameOwner('m', 'observed')} AND m.ruling IS NULL
            AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(${add(storableJson(changes))}::jsonb) c
              WHERE c ->> 'field' = m.field AND c -> 'before' = m.before AND c -> 'after' = m.after)
          ORDER BY m.last_seen_at DESC, m.memory_id DESC OFFSET ${MAX_MEMORIES - 1})` },
  ];
}

function toObservationRow({ approvalId, tenantId, userId, provider, model, version, changed, fields, by, at }: Observation) {
  return {
    approval_id: approvalId, tenant_id: tenantId, user_id: userId, provider, model, model_version: version,
    changed, fields, decided_by: by, decided_at: at,
  };
}
