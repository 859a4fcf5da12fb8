import { Health } from './health';
import { startHealthServer } from './health-server';
import { Counter, createMetrics } from './metrics';

describe('Health', () => {
  it('is up with no check at all', async () => {
    expect(await new Health().ready()).toEqual({ status: 'up', checks: {} });
  });

  it('is down when one check fails, and says which and why', async () => {
    const health = new Health();
    health.addReady('postgres', () => Promise.resolve());
    health.addReady('redis', () => {
      throw new Error('refused');
    });
    expect(await health.ready()).toMatchObject({
      status: 'down', checks: { postgres: { status: 'up' }, redis: { status: 'down', reason: 'refused' } },
    });
  });

  it('does not wait for a check that hangs', async () => {
    const health = new Health();
    health.addReady('loop', () => new Promise(() => undefined), 5);
    expect(await health.ready()).toMatchObject({ status: 'down', checks: { loop: { reason: 'no answer within 5 ms' } } });
  });

  it('is not ready, but alive, once it stops', async () => {
    const health = new Health();
    health.markStopping();
    expect(await health.ready()).toMatchObject({ status: 'down' });
    expect(health.live()).toMatchObject({ status: 'up' });
  });
});

describe('startHealthServer', () => {
  it('answers probes and metrics, hides secrets and knows nothing else', async () => {
    const health = new Health();
    health.addReady('postgres', () => Promise.reject(new Error('no route to postgres://app:pw12345@db/app')));
    const metrics = createMetrics({ service: 'sample', process: false });
    new Counter({ name: 'sample_total', help: 'sample', registers: [metrics] }).inc(3);
    const server = await startHealthServer({ health, metrics, port: 0 });
    const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`);
    try {
      expect((await get('/health/live')).status).toBe(200);
      const ready = await get('/health/ready?verbose=1');
      expect(ready.status).toBe(503);
      expect(await ready.text()).not.toContain('pw12345');
      expect(await (await get('/metrics')).text()).toContain('sample_total{service="sample"} 3');
      expect((await get('/')).status).toBe(404);
    } finally {
      await server.close();
    }
  });

  it('rejects when the port is taken', async () => {
    const first = await startHealthServer({ health: new Health(), port: 0 });
    await expect(startHealthServer({ health: new Health(), port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
  });
});
