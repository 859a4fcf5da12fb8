import type { LiveSocket } from '@countersign/client';
import type { ApprovalView } from '@countersign/contracts';
import { waitFor } from '@countersign/testing';
import { scriptedRequest, untilAsked, untilStatus } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

describe('two clients at one approval', () => {
  let house: House;
  const sockets: LiveSocket[] = [];
  beforeAll(async () => {
    house = await startHouse();
  }, 120_000);
  afterAll(async () => {
    sockets.forEach((socket) => socket.close());
    await house.close();
  });

  const sit = async (user: string) => {
    const socket = house.client(user).socket();
    sockets.push(socket);
    const heard: string[] = [];
    const note = (what: string) => (approval: ApprovalView): void => void heard.push(`${what} ${approval.status} ${approval.claimed_by ?? 'nobody'}`);
    socket.on('approval.updated', note('updated'));
    socket.on('approval.decided', note('decided'));
    await socket.ready();
    await socket.approvals();
    return { socket, heard };
  };

  it('see each other look, and the one who only looks is told of the other\'s decision', async () => {
    const client = house.client('dana');
    const { run_id: runId } = await client.startRun(scriptedRequest('require_human', {}, { hitl_config: { allowed_steps: ['payload_review'] } }));
    const { approval_id: id } = await untilAsked(client, runId, 'payload_suggestion');
    const [rita, tom] = [await sit('rita'), await sit('tom')];
    const until = (await rita.socket.claim(id)).approval.claimed_until ?? '';
    expect(Date.parse(until)).toBeGreaterThan(Date.now());
    await expect(tom.socket.claim(id)).rejects.toMatchObject({ code: 'APPROVAL_CLAIMED', status: 409 });
    await expect(house.client('tom').claim(id)).rejects.toMatchObject({ code: 'APPROVAL_CLAIMED', status: 409 });
    expect((await house.client('tom').pendingApprovals({ run_id: runId })).approvals[0]).toMatchObject({ claimed_by: 'rita', claimed_until: until });
    await rita.socket.release(id);
    await house.client('tom').claim(id);
    expect((await rita.socket.decide({ approval_id: id, action: 'approve' })).approval).toMatchObject({ status: 'approved', claimed_by: null, decided_by: 'human:rita' });
    await waitFor(() => [rita, tom].every(({ heard }) => heard.length >= 4), { what: 'both to hear all of it' });
    for (const { heard } of [rita, tom]) expect(heard).toEqual(['updated pending rita', 'updated pending nobody', 'updated pending tom', 'decided approved nobody']);
    await expect(tom.socket.claim(id)).rejects.toMatchObject({ code: 'APPROVAL_ALREADY_DECIDED' });
    await untilStatus(client, runId, 'completed');
    // Looking is no move: the history knows nothing of it.
    expect((await client.state(runId)).step_history.filter(({ message }) => /claim/i.test(message ?? ''))).toEqual([]);
  }, 60_000);
});
