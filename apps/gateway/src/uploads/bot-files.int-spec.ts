import type { RunStartedView, RunStateView, ValidateView } from '@countersign/contracts';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import { startGateway, type GatewayStage } from '../testing/gateway-stage';
import { HandOrchestrator } from '../testing/hand-orchestrator';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const TOKEN = '123456:AAE-secret_of_the_bot';

/** A Bot API server of one's own, which has Telegram's paths. */
describe('files that come as Telegram links', () => {
  let bot: Server;
  let stage: GatewayStage;
  let link: (name: string) => string;
  beforeAll(async () => {
    bot = createServer((request, response) => {
      if (request.url === `/file/bot${TOKEN}/photos/reference.png`) response.end(PNG);
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(bot, 'listening');
    const host = `127.0.0.1:${(bot.address() as AddressInfo).port}`;
    link = (name) => `http://${host}/file/bot${TOKEN}/photos/${name}`;
    stage = await startGateway({ FETCH_ALLOW_HOSTS: host });
    const { body } = await stage.call<RunStartedView>('POST', '/hitl/run', { user: 'ann', body: requestOf('hello there') });
    await new HandOrchestrator(stage.app).advance(body.run_id); // learns the model's form
  });
  afterAll(async () => {
    await stage.close();
    bot.closeAllConnections();
    bot.close();
  });

  const requestOf = (prompt: string, attachments: string[] = []) => ({ run_input: { prompt, attachments, provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'auto' } });
  const stateOf = async (body: object): Promise<RunStateView> => {
    const started = await stage.call<RunStartedView>('POST', '/hitl/run', { user: 'ann', body });
    return (await stage.call<RunStateView>('GET', `/hitl/runs/${started.body.run_id}/state`, { user: 'ann' })).body;
  };

  it('are kept as our own, and their address forgotten', async () => {
    const { original_input: input } = await stateOf(requestOf(`look at ${link('reference.png')} please`, [link('reference.png')]));
    const [url] = input?.attachments as string[];
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/artifacts\/[0-9a-f-]{36}$/);
    expect(input?.prompt).toBe(`look at :-> attached document: ${url} please`);
    const file = await fetch(url ?? '', { headers: { 'x-user-id': 'ann' } });
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PNG);
  });

  it('lose their token when they cannot be had', async () => {
    const { original_input: input } = await stateOf(requestOf('hello there', [link('gone.png')]));
    expect(input?.attachments).toEqual([link('gone.png').replace(`bot${TOKEN}`, 'bot…')]);
  });

  it('are explained as they would be run, and not kept for that', async () => {
    const kept = async (): Promise<number> => (await stage.app.get(DataSource).query<unknown[]>('SELECT 1 FROM hitl_artifacts')).length;
    const before = await kept();
    const { body } = await stage.call<ValidateView>('POST', '/hitl/validate', { user: 'ann', body: requestOf(`look at ${link('reference.png')} please`) });
    expect([body.ready, body.payload?.input.prompt, body.mapping]).toEqual([true, 'look at please', { reference: 'reference.png' }]);
    expect(await kept()).toBe(before);
  });

  it('are nowhere in the rows, the answers and the logs', async () => {
    const { body } = await stage.call<ValidateView>('POST', '/hitl/validate', { user: 'ann', body: requestOf('hello there', [link('gone.png')]) });
    const seen = JSON.stringify([body, await stateOf(requestOf(link('reference.png'), [link('gone.png')])), stage.logLines]);
    expect(seen).not.toContain('secret_of_the_bot');
  });
});
