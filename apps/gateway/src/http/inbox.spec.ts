import type { NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { serveInbox } from './inbox';

describe('the inbox', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'inbox-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function get(url: string): Promise<[number, string | null, string]> {
    const app = express();
    serveInbox(app as unknown as NestExpressApplication, folder);
    const server = await new Promise<ReturnType<typeof app.listen>>((resolve) => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
    });
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${url}`);
    const text = await response.text();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return [response.status, response.headers.get('cache-control'), text];
  }

  it('is not there before it is built', async () => {
    expect((await get('/'))[0]).toBe(404);
  });

  it('is served at the root, its hashed files for ever, nothing above it and nothing else', async () => {
    mkdirSync(path.join(folder, 'assets'));
    mkdirSync(path.join(folder, 'hitl'));
    for (const [file, text] of [['index.html', 'page'], ['assets/a-1.js', 'code'], ['icon.svg', 'icon'], ['hitl/runs', 'no']] as const) writeFileSync(path.join(folder, file), text);
    expect(await get('/')).toEqual([200, 'no-cache', 'page']);
    expect(await get('/assets/a-1.js')).toEqual([200, 'public, max-age=31536000, immutable', 'code']);
    expect((await get('/icon.svg'))[2]).toBe('icon');
    expect((await get('/hitl/runs'))[0]).toBe(404);
    expect((await get('/assets/..%2f..%2f..%2fetc/passwd'))[0]).not.toBe(200);
  });
});
