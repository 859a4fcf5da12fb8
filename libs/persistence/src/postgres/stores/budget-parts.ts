/*
 * What this is: money in the commits it belongs to: parts of the statements that move a run (commit-statement.ts) and that
 * end a launch (postgres-launch.store.ts).
 * Invariants: no cap is passed by a cent unless a person lets it: the day's counters are locked and read anew before they
 * grow. Nobody waits for each other in a circle: first the run or launch, then its reservation, then counters by day and
 * user, always in that order.
 */
import type { Effect, Run } from '@countersign/core';

type Add = (value: unknown) => string;
export type Reserve = Extract<Effect, { kind: 'reserve' }>;

interface Part {
  name: string;
  sql: (add: Add) => string;
}

/** Adds to the counters of the tenant and of the user, in the order that everybody keeps. */
const addTo = (changes: string): string => `
  INSERT INTO budget_days (tenant_id, user_id, day, reserved_micros, used_micros)
  SELECT c.tenant_id, w.user_id, c.day, sum(c.reserved), sum(c.used) FROM (${changes}) c CROSS JOIN LATERAL (VALUES (''), (c.user_id)) w(user_id)
  GROUP BY 1, 2, 3 ORDER BY 3, 2
  ON CONFLICT (tenant_id, day, user_id) DO UPDATE
  SET reserved_micros = budget_days.reserved_micros + excluded.reserved_micros, used_micros = budget_days.used_micros + excluded.used_micros`;

/** Before the run moves: its money has to fit. `room.ok` says so. */
export function roomParts(before: Run, { attempt, booking }: Reserve, day: string): Part[] {
  return [
    { name: 'mine', sql: (add) => `SELECT run_id FROM hitl_runs WHERE run_id = ${add(before.runId)} AND version = ${add(before.version)} FOR UPDATE` },
    { name: 'held', sql: (add) => `
        SELECT b.day, b.micros FROM budget_reservations b, mine WHERE b.run_id = mine.run_id AND b.attempt = ${add(attempt)} AND b.state = 'reserved'` },
    { name: 'grown', sql: (add) => `
        SELECT x.day, sum(x.micros)::bigint AS micros
        FROM (SELECT ${add(day)}::date AS day, ${add(booking.micros)}::bigint AS micros FROM mine UNION ALL SELECT day, -micros FROM held) x GROUP BY x.day` },
    // Locking reads the newest counters, not those of this statement's beginning.
    { name: 'locked', sql: (add) => `
        SELECT c.day, c.user_id, g.micros AS more, c.used_micros + c.reserved_micros + g.micros AS total
        FROM budget_days c JOIN grown g ON g.day = c.day
        WHERE c.tenant_id = ${add(before.tenantId)} AND c.user_id IN ('', ${add(before.userId)}) ORDER BY c.day, c.user_id FOR UPDATE OF c` },
    // Counters that do not exist yet cannot be locked: two of them there must be, or the caller makes them and comes again.
    { name: 'room', sql: (add) => `
        SELECT count(*) FILTER (WHERE l.day = ${add(day)}::date) = 2
          AND bool_and(l.more <= 0 OR l.day <> ${add(day)}::date OR ${add(booking.overriddenBy !== null)} OR p.micros IS NULL OR l.total <= p.micros) AS ok
        FROM locked l LEFT JOIN budget_caps p ON p.tenant_id = ${add(before.tenantId)} AND p.user_id = l.user_id` },
  ];
}

/** Makes the counters that `roomParts` locks. $1 = tenant, $2 = user, $3 = day. */
export const MAKE_COUNTERS = `
  INSERT INTO budget_days (tenant_id, user_id, day) VALUES ($1, '', $3::date), ($1, $2, $3::date) ON CONFLICT DO NOTHING`;

/** Once the run has moved. */
export function reserveParts(run: Run, { attempt, booking }: Reserve, day: string): Part[] {
  return [
    { name: 'counted', sql: (add) => `
        UPDATE budget_days c SET reserved_micros = c.reserved_micros + l.more FROM locked l, moved
        WHERE c.tenant_id = ${add(run.tenantId)} AND c.user_id = l.user_id AND c.day = l.day` },
    { name: 'booked', sql: (add) => `
        INSERT INTO budget_reservations (run_id, attempt, tenant_id, user_id, day, micros, state, overridden_by)
        SELECT moved.run_id, ${add(attempt)}, ${add(run.tenantId)}, ${add(run.userId)}, ${add(day)}::date, ${add(booking.micros)}, 'reserved', ${add(booking.overriddenBy)} FROM moved
        ON CONFLICT (run_id, attempt) DO UPDATE SET day = excluded.day, micros = excluded.micros, state = 'reserved', overridden_by = excluded.overridden_by` },
  ];
}

/** The run ended before a launch that money waits for; a launch that was begun is settled by its own end. */
export function releaseParts(): Part[] {
  return [
    { name: 'released', sql: () => `
        UPDATE budget_reservations b SET state = 'released' FROM moved WHERE b.run_id = moved.run_id AND b.state = 'reserved'
          AND NOT EXISTS (SELECT 1 FROM hitl_launches l WHERE l.run_id = b.run_id AND l.attempt = b.attempt)
        RETURNING b.tenant_id, b.user_id, b.day, b.micros` },
    { name: 'given_back', sql: () => addTo('SELECT tenant_id, user_id, day, -micros AS reserved, 0 AS used FROM released') },
  ];
}

/**
 * A launch ended: what it cost counts, where nobody told what was set aside counts. Right also the second time, when a
 * launch that was given up is found again. `moved` must give run_id, attempt and submitted_at.
 * @param actual placeholder of the cost in micro-dollars, null = not known
 */
export const settleParts = (actual: string): string => `
  whose AS (
    SELECT m.run_id, m.attempt, r.tenant_id, r.user_id, (m.submitted_at AT TIME ZONE 'UTC')::date AS day FROM moved m JOIN hitl_runs r ON r.run_id = m.run_id
  ), stood AS (
    SELECT b.* FROM budget_reservations b JOIN whose ON b.run_id = whose.run_id AND b.attempt = whose.attempt FOR UPDATE OF b
  ), settling AS (
    SELECT whose.run_id, whose.attempt, whose.tenant_id, whose.user_id, coalesce(s.day, whose.day) AS day, coalesce(s.micros, 0) AS micros,
      CASE WHEN s.state = 'reserved' THEN s.micros ELSE 0 END AS was_reserved, CASE WHEN s.state = 'settled' THEN s.booked_micros ELSE 0 END AS was_used,
      coalesce(${actual}::bigint, s.micros, 0) AS booked
    FROM whose LEFT JOIN stood s ON true WHERE s.run_id IS NOT NULL OR coalesce(${actual}::bigint, 0) > 0
  ), settled AS (
    INSERT INTO budget_reservations (run_id, attempt, tenant_id, user_id, day, micros, state, booked_micros, actual_micros)
    SELECT run_id, attempt, tenant_id, user_id, day, micros, 'settled', booked, ${actual}::bigint FROM settling
    ON CONFLICT (run_id, attempt) DO UPDATE SET state = 'settled', booked_micros = excluded.booked_micros, actual_micros = excluded.actual_micros
  ), counted AS (
    ${addTo('SELECT tenant_id, user_id, day, -was_reserved AS reserved, booked - was_used AS used FROM settling')}
  )`;

/** A run's caps with the day's counters ($2 = day), and what it has set aside: columns for a SELECT from hitl_runs r. */
export const BUDGET_COLUMNS = `
    (SELECT json_agg(json_build_object('user_id', c.user_id, 'micros', c.micros, 'on_unknown', c.on_unknown,
       'used', coalesce(d.used_micros, 0), 'reserved', coalesce(d.reserved_micros, 0)) ORDER BY c.user_id)
     FROM budget_caps c LEFT JOIN budget_days d ON d.tenant_id = c.tenant_id AND d.user_id = c.user_id AND d.day = $2::date
     WHERE c.tenant_id = r.tenant_id AND c.user_id IN ('', r.user_id)) AS caps,
    (SELECT json_build_object('day', b.day, 'micros', b.micros) FROM budget_reservations b
     WHERE b.run_id = r.run_id AND b.attempt = r.attempt + 1 AND b.state = 'reserved') AS held`;
