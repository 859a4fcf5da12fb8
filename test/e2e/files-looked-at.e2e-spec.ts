import type { RunRequest } from '@countersign/client';
import type { ValidateView } from '@countersign/contracts';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startHouse, type House } from '../harness/house';
import { approveAll, untilAsked } from '../harness/drive';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const WAV = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'), Buffer.alloc(40)]);
const HUGE = 5_000_000_000; // bytes claimed: more than anybody reads

/** A file is looked at before anybody is asked, and in the same way wherever a request is judged. */
describe('files are looked at', () => {
  let house: House;
  let web: Server;
  let address: string;
  beforeAll(async () => {
    web = createServer((request, response) => {
      if (request.url === '/cat.png') response.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
      else if (request.url === '/sound.png') response.writeHead(200, { 'content-type': 'image/png' }).end(WAV);
      else if (request.url === '/huge.png') response.writeHead(200, { 'content-length': HUGE }).write(PNG);
      else if (request.url === '/inside.png') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const host = `127.0.0.1:${(web.address() as AddressInfo).port}`;
    address = `http://${host}`;
    house = await startHouse({ env: { FETCH_ALLOW_HOSTS: host } });
  }, 120_000);
  afterAll(async () => {
    await house.close();
    web.closeAllConnections();
    web.close();
  });

  const request = (reference: string, policy: 'auto' | 'require_human' = 'auto'): RunRequest => ({
    run_input: { prompt: 'A friendly picture of a cat', provider: 'scripted', model: 'scripted/echo', attachments: [reference] },
    hitl_config: { policy },
  });
  const codes = ({ checkpoints }: ValidateView['validation_summary']): string[] =>
    checkpoints.flatMap(({ issues }) => issues).filter(({ severity }) => severity === 'error').map(({ field, code }) => `${field}: ${code}`);

  it.each([
    ['/nothing.png', 'file_unreachable'], ['/sound.png', 'wrong_media_type'], ['/huge.png', 'file_too_large'], ['/inside.png', 'address_not_allowed'],
    ['http://127.0.0.1:9/cat.png', 'address_not_allowed'],
  ])('%s is %s for the run, for its explanation and for an edit', async (path, code) => {
    const client = house.client();
    const url = path.startsWith('/') ? address + path : path;
    const wanted = [`reference: ${code}`];
    expect(codes((await client.validate(request(url))).validation_summary)).toEqual(wanted);

    const { run_id: runId } = await client.startRun(request(url));
    await untilAsked(client, runId, 'validation_review');
    const { validation_summary: found } = await client.state(runId);
    expect(found && codes(found)).toEqual(wanted);

    const { run_id: editedId } = await client.startRun(request(`${address}/cat.png`, 'require_human'));
    const suggestion = await untilAsked(client, editedId, 'payload_suggestion');
    await expect(client.decide(suggestion.approval_id, { action: 'edit', edits: { reference: url } }))
      .rejects.toMatchObject({ status: 422, errors: [expect.objectContaining({ field: 'edits.reference', code })] });
    await client.cancel(runId);
    await client.cancel(editedId);
  });

  it('knows its own uploads, whatever host they carry, by the name they had', async () => {
    const client = house.client();
    const upload = await client.upload(new Blob([PNG]), 'reference.png');
    const foreign = new URL(upload.url);
    foreign.host = 'files.invalid';
    const { ready, payload } = await client.validate(request(foreign.href));
    expect([ready, payload?.input.reference]).toEqual([true, foreign.href]);
    const { run_id: runId } = await client.startRun(request(foreign.href));
    expect((await approveAll(client, runId)).status).toBe('completed');
    const sound = await client.upload(new Blob([WAV]), 'picture.png');
    expect(codes((await client.validate(request(sound.url))).validation_summary)).toEqual(['reference: wrong_media_type']);
  });
});
