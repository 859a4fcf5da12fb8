import { Shutdown } from './shutdown';

describe('Shutdown', () => {
  it('runs the stages in their order, whatever the order of registration', async () => {
    const shutdown = new Shutdown();
    const ran: string[] = [];
    shutdown.on('close', 'pool', () => ran.push('pool'));
    shutdown.on('drain', 'jobs', async () => {
      await Promise.resolve();
      ran.push('jobs');
    });
    shutdown.on('intake', 'server', () => ran.push('server'));
    expect(await shutdown.run()).toEqual({ problems: [] });
    expect(ran).toEqual(['server', 'jobs', 'pool']);
  });

  it('runs once, also when asked twice', async () => {
    const shutdown = new Shutdown();
    let runs = 0;
    shutdown.on('close', 'pool', () => void (runs += 1));
    expect(shutdown.isStopping).toBe(false);
    await Promise.all([shutdown.run(), shutdown.run()]);
    expect(runs).toBe(1);
    expect(shutdown.isStopping).toBe(true);
  });

  it('goes on after a hook that fails or hangs, and names it', async () => {
    const shutdown = new Shutdown(10);
    let closed = false;
    shutdown.on('intake', 'server', () => {
      throw new Error('broken');
    });
    shutdown.on('drain', 'jobs', () => new Promise(() => undefined));
    shutdown.on('close', 'pool', () => void (closed = true));
    const { problems } = await shutdown.run();
    expect(problems).toEqual(['intake server: broken', 'drain jobs: did not end in time']);
    expect(closed).toBe(true);
  });
});
