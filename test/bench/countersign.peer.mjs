/*
 * Countersign in the peers' comparison (peers.mjs copies this file there): the four services as a user runs them, on the
 * comparison's own Postgres and Redis, through REST and Socket.IO. Its unit of work is carried as a run: the input (1 KiB of
 * JSON) is the prompt, the house's own five checkpoints stand for validate(), the provider `scripted` for callProvider():
 * what came back durably is turned into callProvider()'s answer, so a lost or mixed-up result is noticed.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { callProvider } from '../lib/work.mjs';

/** Set by peers.mjs: the checkout of Countersign, built. */
const ROOT = process.env.COUNTERSIGN_ROOT;
const load = (file) => import(pathToFileURL(path.join(ROOT, 'test/bench', file)).href);

export default {
  name: 'countersign', title: 'Countersign (four services, REST + Socket.IO)', needs: { pg: true, redis: true },
  unavailable: () => (ROOT ? null : 'COUNTERSIGN_ROOT is not set: run it by test/bench/peers.mjs'),
  async up(ctx) {
    const { openServices } = await load('house.mjs');
    const { RoundTrips } = await load('round-trip.mjs');
    const env = { DATABASE_URL: ctx.pg.url, REDIS_URL: ctx.redis.url };
    const services = await openServices({ folder: path.join(ctx.logDir, 'house'), env });
    const trips = new RoundTrips({ url: services.url });
    await trips.connect();
    const approvals = new Map();
    return {
      roles: services.pids,
      async start(id, input, retry) {
        approvals.set(id, await trips.start(JSON.stringify(input), { key: id, again: retry }));
      },
      async approve(id, decision, retry) {
        const result = await trips.approve(approvals.get(id), { again: retry });
        approvals.delete(id);
        return callProvider(JSON.parse(result), decision);
      },
      kill: services.kill,
      revive: services.start,
      async down() {
        trips.close();
        await services.stop();
      },
    };
  },
};
