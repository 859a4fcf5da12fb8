import { CountersignClient } from './client';
import { parseServerSentEvents } from './server-sent-events';
import { anEvent, aRun, StandInServer } from './testing/stand-in-server';

const SSE = { 'content-type': 'text/event-stream' };

describe('events of a run', () => {
  let server: StandInServer;
  let client: CountersignClient;
  beforeEach(async () => {
    server = await StandInServer.open();
    client = new CountersignClient({ baseUrl: server.url });
  });
  afterEach(() => server.close());

  it('resumes where a lost connection ended and gives each event once', async () => {
    server.on('GET /hitl/run/r1/events', (request, response) => {
      response.writeHead(200, SSE);
      if (request.headers['last-event-id'] === undefined) {
        response.write(`: heartbeat\n\n${anEvent(1, 'running')}${anEvent(2, 'running')}`, () => response.destroy());
      } else {
        response.end(anEvent(2, 'running') + anEvent(3, 'awaiting_human') + anEvent(4, 'completed'));
      }
    });
    const seen: number[] = [];
    for await (const entry of client.events('r1')) seen.push(entry.seq);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(server.seen.map((request) => request.headers['last-event-id'])).toEqual([undefined, '2']);
  });

  it('throws what the server refuses', async () => {
    await expect(client.events('nobody').next()).rejects.toMatchObject({ code: 'RUN_NOT_FOUND', status: 404 });
  });

  it('ends quietly when called off', async () => {
    const stop = new AbortController();
    server.on('GET /hitl/run/r1/events', (_request, response) => {
      response.writeHead(200, SSE).write(anEvent(1, 'running'));
    });
    const stream = client.events('r1', { signal: stop.signal });
    await stream.next();
    const next = stream.next();
    stop.abort();
    await expect(next).resolves.toEqual({ done: true, value: undefined });
  });

  it('waits for a run by its events, with one look at the run for each', async () => {
    let version = 1;
    const status = (): string => (version < 3 ? 'running' : 'awaiting_human');
    server.on('GET /hitl/run/r1/status', (_request, response) => response.end(JSON.stringify(aRun(status(), version))));
    server.on('GET /hitl/run/r1/events', (request, response) => {
      expect(request.headers['last-event-id']).toBe('1');
      version = 3;
      response.writeHead(200, SSE).write(anEvent(2, 'running') + anEvent(3, 'awaiting_human'));
    });
    await expect(client.waitForRun('r1', { until: 'awaiting_human' })).resolves.toMatchObject({ version: 3 });
  });

  it('says so when the run ended otherwise, and when time is up', async () => {
    server.on('GET /hitl/run/r1/status', aRun('failed', 4));
    await expect(client.waitForRun('r1', { until: 'awaiting_human' })).rejects.toMatchObject({ code: 'RUN_ENDED' });
    server.on('GET /hitl/run/r1/status', aRun('running', 4));
    server.on('GET /hitl/run/r1/events', (_request, response) => { response.writeHead(200, SSE).write(':\n\n'); });
    await expect(client.waitForRun('r1', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
});

describe('parseServerSentEvents', () => {
  const parse = async (...chunks: string[]): Promise<string[]> => {
    const bytes = new TextEncoder();
    const body = new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(bytes.encode(chunk));
        controller.close();
      },
    });
    const data: string[] = [];
    for await (const event of parseServerSentEvents(new Response(body), () => undefined)) data.push(event.data);
    return data;
  };

  it('reads any line ending, any cut, and data over several lines', async () => {
    const text = ': hi\r\n\r\nid: 1\r\ndata: one\r\ndata: more\r\n\r\nid: 2\ndata:two\n\n';
    for (let cut = 0; cut < text.length; cut += 1) {
      expect(await parse(text.slice(0, cut), text.slice(cut))).toEqual(['one\nmore', 'two']);
    }
  });
});
