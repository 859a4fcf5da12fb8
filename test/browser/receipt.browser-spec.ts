import type { Browser } from 'playwright-core';
import { openBrowser, picture, signIn, troublesOf } from '../harness/browser';
import { approveAll, scriptedRequest } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

describe('the receipt of a run', () => {
  let house: House;
  let browser: Browser;
  beforeAll(async () => {
    [house, browser] = await Promise.all([startHouse(), openBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  it('is one click away, says who decided what, can be saved, and says when something was changed', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1200 } });
    const troubles = troublesOf(page);
    const client = house.client('dana');
    const { run_id: runId } = await client.startRun(scriptedRequest('require_human', {}, { run_input: { prompt: 'a picture', provider: 'scripted', model: 'scripted/image' } }));
    await approveAll(client, runId);
    await page.goto(`${house.url}/#/runs/${runId}`);
    await signIn(page, 'dana');
    await page.getByTestId('run-receipt').click();
    await page.getByTestId('receipt').waitFor();
    expect(await page.getByTestId('receipt-verdict').innerText()).toBe('Intact: the chain is whole and no row contradicts it.');
    const { launches, receipt_hash: hash } = await client.receipt(runId);
    const text = await page.getByTestId('receipt').innerText();
    for (const words of ['payload suggestion', 'approved by dana', 'image/png', 'Provider job', hash, launches[0]?.payload_hash ?? '']) expect(text.toLowerCase()).toContain(words.toLowerCase());
    await picture(page, 'receipt');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('receipt-save').click()]);
    expect(download.suggestedFilename()).toBe(`receipt-${runId}.json`);
    await page.emulateMedia({ media: 'print' });
    await picture(page, 'receipt-printed');
    await page.emulateMedia({ media: 'screen' });

    await house.db.query(`UPDATE hitl_approvals SET title = 'something else' WHERE run_id = $1`, [runId]);
    await page.reload();
    await page.getByTestId('receipt-verdict').getByText('Broken:').waitFor();
    await picture(page, 'receipt-broken');
    expect(troubles).toEqual([]);
  }, 120_000);
});
