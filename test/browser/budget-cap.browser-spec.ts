import type { Browser } from 'playwright-core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, picture, signIn, troublesOf } from '../harness/browser';
import { untilAsked } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

describe('a budget cap in the inbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-prices-'));
  let house: House;
  let browser: Browser;
  beforeAll(async () => {
    const file = join(folder, 'prices.json');
    writeFileSync(file, JSON.stringify([{ model: 'scripted/echo', usd_per_run: 0.25, source: 'test', date: '2026-11-22' }]));
    [house, browser] = await Promise.all([startHouse({ env: { MODEL_PRICES_FILE: file } }), openBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await house.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('marks the card, says which cap and how much, and shows what was spent today', async () => {
    const client = house.client('dana');
    await client.setCap({ amount_usd: 0.4 });
    const echo = () => client.startRun({ run_input: { prompt: 'Good morning to everybody who reads this.', provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'auto' } });
    await client.waitForRun((await echo()).run_id, { until: 'completed' });
    await untilAsked(client, (await echo()).run_id, 'payload_suggestion');
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const troubles = troublesOf(page);
    await page.goto(house.url);
    await signIn(page, 'dana');
    const item = page.getByTestId('approval-item').filter({ hasText: 'Run scripted/echo' });
    await item.getByTestId('budget-mark').waitFor();
    await item.click();
    const over = page.getByTestId('over-budget');
    await over.waitFor();
    expect(await over.innerText()).toContain('The cap of $0.40 a day: $0.25 used, $0.00 set aside');
    const spent = page.getByTestId('budget-line').first();
    await spent.waitFor();
    expect(await spent.innerText()).toMatch(/Everybody\s*\$0\.25 of \$0\.40/);
    await picture(page, 'budget-cap');
    await page.getByTestId('action-approve').click();
    await page.getByTestId('confirm').click();
    await page.getByTestId('budget-line').first().filter({ hasText: '$0.50 of $0.40' }).waitFor();
    expect(troubles).toEqual([]);
  }, 120_000);
});
