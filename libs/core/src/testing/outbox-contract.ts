/// <reference types="jest" />
import type { StoredBell } from '../ports/outbox';
import { aBell, insertRun, LATER, type StoreStage } from './store-stage';
import { aCommand } from './factories';

/** Long enough for no test to reach it, milliseconds. */
const HOUR_MS = 3_600_000;

/** The promises of an Outbox and of a CommandStore, through which doorbells get there; run on every adapter. */
export function outboxContract(stage: () => StoreStage): void {
  const committed = async (count: number): Promise<StoredBell[]> => {
    const { runId } = await insertRun(stage());
    const bells = Array.from({ length: count }, (_, n) => aBell({ job: `job-${runId}`, notBefore: n % 2 === 0 ? null : LATER, data: { n, text: 'ä', flag: true, none: null } }));
    return (await stage().commands.request(aCommand({ runId }), bells)).bells;
  };
  const own = (bells: StoredBell[], all: StoredBell[]) => all.filter(({ job }) => job === bells[0]?.job);

  it('gives what is not rung, oldest first, whole', async () => {
    const bells = await committed(3);
    expect(own(bells, await stage().outbox.unrung(0, 10_000))).toEqual(bells);
    expect(await stage().outbox.unrung(0, 1)).toHaveLength(1);
  });

  it('leaves alone what was committed a moment ago', async () => {
    const bells = await committed(1);
    expect(own(bells, await stage().outbox.unrung(HOUR_MS, 10_000))).toEqual([]);
  });

  it('forgets what is rung, and may be told twice', async () => {
    const bells = await committed(3);
    const rung = bells.slice(0, 2).map(({ id }) => id);
    for (let times = 0; times < 2; times += 1) await stage().outbox.markRung(rung);
    await stage().outbox.markRung([]);
    expect(own(bells, await stage().outbox.unrung(0, 10_000))).toEqual(bells.slice(2));
  });
}

export function commandStoreContract(stage: () => StoreStage): void {
  it('keeps a command and its doorbells', async () => {
    const { runId } = await insertRun(stage());
    const command = aCommand({ runId, name: 'cancel', reason: 'ä "x"' });
    const bell = aBell();
    expect(await stage().commands.request(command, [bell])).toEqual({ bells: [{ ...bell, id: expect.any(String) }] });
    expect(await stage().commands.find(command.commandId)).toEqual(command);
    expect(await stage().commands.find(runId)).toBeNull();
  });

  it('lists what is open, oldest first, of this run only', async () => {
    const { runId } = await insertRun(stage());
    const [first, second, third] = [aCommand({ runId }), aCommand({ runId }), aCommand({ runId, requestedAt: '2026-11-22T11:00:00.000Z' })];
    for (const command of [second, first, third]) await stage().commands.request(command, []);
    expect((await stage().commands.open(runId)).map(({ commandId }) => commandId)).toEqual([third, first, second].map(({ commandId }) => commandId));
    expect(await stage().commands.open((await insertRun(stage())).runId)).toEqual([]);
  });

  it('refuses a command once, for good', async () => {
    const { runId } = await insertRun(stage());
    const command = aCommand({ runId });
    await stage().commands.request(command, []);
    await stage().commands.refuse(command.commandId, 'it has ended');
    await stage().commands.refuse(command.commandId, 'again');
    expect(await stage().commands.find(command.commandId)).toEqual({ ...command, outcome: 'refused', detail: 'it has ended' });
    expect(await stage().commands.open(runId)).toEqual([]);
  });
}
